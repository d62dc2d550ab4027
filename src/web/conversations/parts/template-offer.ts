import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { templates } from '../late-parts.ts'
import { isWindowClosed, whyNothing } from './why-no-reply.ts'

/** Whether a template can be sent in the open conversation: a text that WhatsApp has approved, and takes at any time. */
export function mayTemplate(frame: ThreadFrame): boolean {
  const { account, can, view } = frame
  const isTaken = account.capabilities?.templates === true && view.kind === 'direct'
  return isTaken && can('templates.list') && whyNothing(frame) === null
}

/** The way to a template where nothing else can be sent, and what is being made of one. */
export function renderTemplateOffer(frame: ThreadFrame): TemplateResult | null {
  const { say, ui, set } = frame
  if (!mayTemplate(frame)) return null
  if (ui.template !== null)
    return templates.draw(frame, (parts) => parts.renderTemplatePanel(frame), '#template-title')
  if (!isWindowClosed(frame)) return null
  const open = (): void => set({ template: '', focus: '#template-title' })
  return html`<div class="actions">
    ${button(say('Send a template'), open, { kind: 'small primary', id: 'send-template' })}
  </div>`
}
