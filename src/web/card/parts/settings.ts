import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { drawEditing } from './editing.ts'

/** The settings that this daemon lets a dashboard edit, folded until somebody opens them. */
export function renderSettings(context: CardContext): TemplateResult | null {
  const { settings, say, isWritable, can, set, ui } = context
  if (settings === null || !isWritable || !can('config.update')) return null
  const toggle = ({ currentTarget }: Event & { currentTarget: HTMLDetailsElement }): void =>
    set({ showsSettings: currentTarget.open })
  return html`<details part="settings" @toggle=${toggle}>
    <summary>${say('Settings')}</summary>
    <div class="settings">
      ${ui.showsSettings ? drawEditing(context, (parts) => parts.renderSettingsPanel(context, settings)) : null}
    </div>
  </details>`
}
