import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { editing, linking } from '../late-parts.ts'

type Toggle = Event & { currentTarget: HTMLDetailsElement }

/** The settings that this daemon lets a dashboard edit. */
export function renderSettings(context: CardContext): TemplateResult | null {
  const { settings, isWritable, can, say } = context
  if (settings === null || !isWritable || !can('config.update')) return null
  const { isOpen, toggle } = unfolding(context, 'settings')
  return html`<details part="settings" ?open=${isOpen} @toggle=${toggle}>
    <summary>${say('Settings')}</summary>
    <div class="settings">
      ${isOpen ? editing.draw(context, (parts) => parts.renderSettingsPanel(context, settings)) : null}
    </div>
  </details>`
}

/** The link that opens a chat with this number. */
export function renderSharing(context: CardContext): TemplateResult | null {
  const { account, say } = context
  const { phoneNumber } = account
  if (phoneNumber === null) return null
  const { isOpen, toggle } = unfolding(context, 'share')
  return html`<details part="share" ?open=${isOpen} @toggle=${toggle}>
    <summary>${say('Share this number')}</summary>
    ${isOpen ? linking.draw(context, (parts) => parts.renderShare(context, phoneNumber)) : null}
  </details>`
}

/** What is inside is drawn, and its script loaded, only while it is open. */
function unfolding(
  { ui, set }: CardContext,
  key: string,
): { isOpen: boolean; toggle: (event: Toggle) => void } {
  const others = ui.unfolded.filter((each) => each !== key)
  return {
    isOpen: ui.unfolded.includes(key),
    toggle: ({ currentTarget }) => set({ unfolded: currentTarget.open ? [...others, key] : others }),
  }
}
