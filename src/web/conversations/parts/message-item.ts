import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import { moreIcon } from '../../elements/icons.ts'
import { formatClock } from '../text/chat-times.ts'
import { conversationName } from '../text/conversation-name.ts'
import { messageText } from '../text/message-text.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { renderChoices, withoutChoices } from './message-choices.ts'
import { renderDetails } from './message-details.ts'
import { renderFiles } from './message-files.ts'
import { renderActions } from './message-actions.ts'
import { renderTick } from './message-tick.ts'

/** One message. `isCurrent`: the one that Tab leads to. */
export function renderMessage(frame: ThreadFrame, message: MessageView, isCurrent: boolean): TemplateResult {
  const { say, locale, ui, set, live } = frame
  const { messageId, from, at, editedAt, kind, isRevoked, failure } = message
  const isOpen = ui.actionsOf === messageId
  const refused = live.failure(`message ${messageId}`)
  const look = kind === 'notice' ? 'notice' : from
  return html`<li
    class="message ${look} ${isOpen ? 'chosen' : ''}"
    data-message=${messageId}
    tabindex=${isCurrent ? 0 : -1}
    @focus=${() => ui.activeMessage === messageId || set({ activeMessage: messageId })}
  >
    <div class="bubble" part="message ${look}">
      <div class="from small-print">${authorOf(frame, message)}</div>
      ${renderQuote(frame, message)}
      ${
        isRevoked
          ? html`<p class="text muted"><em>${say('This message was deleted.')}</em></p>`
          : html`${renderFiles(frame, message)} ${renderDetails(frame, message)} ${renderText(frame, message)}
            ${renderChoices(frame, message)}`
      }
      ${renderReactions(frame, message)}
      <div class="meta small-print muted">
        ${editedAt === null || isRevoked ? null : html`<span>${say('edited')}</span>`}
        <time datetime=${at}>${formatClock(at, locale)}</time>
        ${renderTick(frame, message)}
        ${button(moreIcon, () => set({ actionsOf: isOpen ? null : messageId, activeMessage: messageId }), {
          kind: 'icon more',
          name: say('More of this message'),
        })}
      </div>
      ${failure === null ? nothing : html`<p class="small-print failure">${say.said(failure)[0]}</p>`}
      ${refused === null ? null : renderFailure(say, refused)}
      ${isOpen || failure !== null ? renderActions(frame, message, isOpen) : null}
    </div>
  </li>`
}

/** Who wrote it: stated in words, since a colour alone says it to few. */
function authorOf({ say, view }: ThreadFrame, { from, sender, kind }: MessageView): unknown {
  if (kind === 'notice') return say('Automatic notice')
  if (from === 'assistant') return say('Assistant')
  if (from === 'owner') return say('You')
  const ofGroup = view.kind === 'group' ? (sender?.name ?? sender?.phoneNumber ?? say('Somebody')) : null
  const name = ofGroup ?? conversationName(say, view)
  // In a chat with one person it is clear to those who see where the message stands.
  return html`<bdi class=${ofGroup === null ? 'visually-hidden' : ''}>${name}</bdi>`
}

function renderText(frame: ThreadFrame, message: MessageView): TemplateResult | null {
  const { say, thread } = frame
  const { isCut, kind, details, transcript, files } = message
  const whole = thread.wholeText(message)
  const text = withoutChoices({ text: whole ?? message.text, details })
  const isShownOtherwise = (details.length > 0 || files.length > 0) && shownElsewhere(message)
  const words = text === '' && kind === 'unsupported' ? say('A message of a kind that cannot be shown') : text
  return html`${
    words === '' || isShownOtherwise ? null : html`<div class="text">${messageText(message, words)}</div>`
  }${isCut === true && whole === null ? renderRest(frame, message) : null}${
    transcript === null || transcript === ''
      ? null
      : html`<div class="transcript small-print">
          <strong>${say('Transcript')}</strong> <span class="text">${messageText(message, transcript)}</span>
        </div>`
  }`
}

/** What leads to the words that are not shown. */
function renderRest({ say, can, live, thread, disabled }: ThreadFrame, message: MessageView): TemplateResult {
  if (!can('conversations.text'))
    return html`<p class="small-print muted">
      ${say('8,000 characters are shown; the rest is on the phone.')}
    </p>`
  const show = (): unknown => live.perform(`message ${message.messageId}`, () => thread.readWhole(message))
  return html`<p>${button(say('Show all'), show, { disabled })}</p>`
}

/** Whether the text says nothing but what files and details of the message show: it names them in brackets. */
function shownElsewhere({ text }: MessageView): boolean {
  return text.split('\n').every((line) => /^\[.*\]$/.test(line.trim()))
}

function renderQuote(frame: ThreadFrame, { quote }: MessageView): TemplateResult | null {
  if (quote === null) return null
  const { say, view, open } = frame
  const who =
    quote.from === 'person'
      ? conversationName(say, view)
      : say(quote.from === 'assistant' ? 'Assistant' : 'You')
  const { messageId } = quote
  const inside = html`<strong class="small-print"><bdi>${who}</bdi></strong>
    <span class="clamped"><bdi>${quote.text}</bdi></span>`
  return messageId === null
    ? html`<div class="quote">${inside}</div>`
    : html`<button
        type="button"
        class="quote"
        aria-label="${say('Quoted message of {name}', { name: who })}: ${quote.text}"
        @click=${() => open(view.conversationId, messageId)}
      >
        ${inside}
      </button>`
}

function renderReactions({ say }: ThreadFrame, { reactions }: MessageView): TemplateResult | null {
  if (reactions.length === 0) return null
  const emojis = [...new Set(reactions.map(({ emoji }) => emoji))].join(' ')
  return html`<div class="reactions">
    <span class="visually-hidden">${say('Reacted: {emojis}', { emojis })}</span
    ><span aria-hidden="true">${emojis}${reactions.length > 1 ? ` ${reactions.length}` : ''}</span>
  </div>`
}
