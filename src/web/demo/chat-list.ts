import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { PhoneView } from '../../protocol/demo-state.ts'
import { messagePreview } from './message-bubble.ts'

/** The chats of the owner's phone; the one with itself is always there, but in the Business app, which has none. */
export function renderChatList(
  phone: PhoneView,
  open: (number: string) => void,
  { hasSelf = true }: { hasSelf?: boolean } = {},
): TemplateResult {
  const others = phone.chats.filter((chat) => chat.with !== phone.phoneNumber)
  const self = phone.chats.find((chat) => chat.with === phone.phoneNumber)
  const rows = [
    ...(hasSelf ? [{ with: phone.phoneNumber, name: 'Message yourself', last: self?.messages.at(-1) }] : []),
    ...others.map((chat) => ({ with: chat.with, name: chat.name, last: chat.messages.at(-1) })),
  ]
  return html`<ul class="list" aria-label="Chats">
    ${rows.map(
      (row) =>
        html`<li>
          <button @click=${() => open(row.with)}>
            <span class="avatar" aria-hidden="true">${row.name.slice(0, 1)}</span>
            <span class="preview"
              ><span><bdi>${row.name}</bdi></span
              ><small>${row.last === undefined ? 'No messages yet' : messagePreview(row.last)}</small></span
            >
          </button>
        </li>`,
    )}
  </ul>`
}
