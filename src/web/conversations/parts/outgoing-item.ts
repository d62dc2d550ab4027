import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import type { OutgoingMessage } from '../state/outgoing-messages.ts'
import { formatClock } from '../text/chat-times.ts'
import { messageText } from '../text/message-text.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { renderTick } from './message-tick.ts'

/** A message that the person has just sent, until the daemon tells of it. */
export function renderOutgoing(frame: ThreadFrame, message: OutgoingMessage): TemplateResult {
  const { say, shown, locale } = frame
  const { clientMessageId, text, file, error, at } = message
  return html`<li class="message owner outgoing">
    <div class="bubble" part="message owner">
      <div class="from small-print">${say('You')}</div>
      ${file === null ? null : html`<div class="file document"><bdi>${file.name}</bdi></div>`}
      ${text === '' ? null : html`<div class="text">${messageText(message, text)}</div>`}
      <div class="meta small-print muted">
        <time datetime=${at}>${formatClock(at, locale)}</time>
        ${renderTick(frame, { state: error === null ? 'queued' : 'failed', failure: null })}
      </div>
      ${
        error === null
          ? null
          : html`${renderFailure(say, error)}
              <div class="actions">
                ${
                  // The daemon has a message of this id already, and refuses it each time.
                  error.code === 'client_message_id_reused'
                    ? null
                    : button(say('Send again'), () => shown.outgoing.retry(clientMessageId), {
                        kind: 'small',
                      })
                }
                ${button(say('Discard'), () => shown.outgoing.discard(clientMessageId), { kind: 'small' })}
              </div>`
      }
    </div>
  </li>`
}
