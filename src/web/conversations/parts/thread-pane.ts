import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { dayOf, isAnotherDay } from '../text/chat-times.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ConversationsFrame, ThreadFrame } from '../conversations-frame.ts'
import { renderComposer } from './composer.ts'
import { renderContactPanel } from './contact-panel.ts'
import { renderMessage } from './message-item.ts'
import { messageKeys } from './message-keys.ts'
import { renderOutgoing } from './outgoing-item.ts'
import { renderBack, renderThreadHeader } from './thread-header.ts'
import type { OpenThread } from '../state/open-thread.ts'

/** In the place of a thread, while none is open or what is known of it is on its way. */
export function renderNoThread(frame: ConversationsFrame): TemplateResult {
  const { say, conversations } = frame
  if (conversations.thread !== null) return renderComing(frame, conversations.thread)
  return html`<section class="thread-pane none" part="thread" aria-label=${say('Conversation')}>
    <p><strong>${say('No conversation has been chosen.')}</strong></p>
    <p class="muted small-print">
      ${say('Choose one from the list. What you write goes to the person, and the assistant pauses there.')}
    </p>
  </section>`
}

/** A conversation that is not known yet, with the way back. */
function renderComing({ say, open, state }: ConversationsFrame, thread: OpenThread): TemplateResult {
  const error = state.connection === 'ready' ? thread.error : null
  return html`<section class="thread-pane" part="thread" aria-label=${say('Conversation')}>
    <header class="thread-head" part="thread-header">
      <div class="person-line">${renderBack(say, open)}</div>
    </header>
    ${error === null ? html`<div class="waiting"><span class="spinner"></span>${say('Loading…')}</div>` : renderFailure(say, error)}
  </section>`
}

/** The open conversation: who it is, what was said, and the box to answer in. */
export function renderThreadPane(frame: ThreadFrame): TemplateResult {
  const { say, view, thread, shown, ui, newMessages, jumpToEnd, back } = frame
  const { messages, loading } = thread
  const error = frame.state.connection === 'ready' ? thread.error : null
  const outgoing = shown.outgoing.of(view.conversationId).filter(({ messageId }) => !has(messages, messageId))
  const current = messages.some(({ messageId }) => messageId === ui.activeMessage)
    ? ui.activeMessage
    : (messages.at(-1)?.messageId ?? null)
  const leave = onKey('Escape', back)
  return html`<section
    class="thread-pane"
    part="thread"
    aria-labelledby="thread-title"
    @keydown=${(event: KeyboardEvent) => event.defaultPrevented || leave(event)}
  >
    ${renderThreadHeader(frame)} ${ui.showsDetails ? renderContactPanel(frame) : null}
    <div
      class="scroller messages"
      id="messages"
      role="group"
      aria-label=${say('Messages with {name}', { name: conversationName(say, view) })}
      @keydown=${messageKeys(frame, messages, current)}
    >
      ${loading === null ? null : html`<div class="waiting"><span class="spinner"></span>${say('Loading…')}</div>`}
      ${
        error === null
          ? null
          : html`${renderFailure(say, error)}
            ${button(say('Load again'), () => thread.load(), { kind: 'small' })}`
      }
      <ol class="thread" id="thread">
        ${repeat(
          messages,
          ({ messageId }) => messageId,
          (message, index) =>
            html`${renderDay(frame, message, messages[index - 1])}
            ${renderMessage(frame, message, message.messageId === current)}`,
        )}
        ${thread.isLive ? outgoing.map((message) => renderOutgoing(frame, message)) : null}
      </ol>
    </div>
    ${
      newMessages > 0 || !thread.isLive
        ? html`<div class="pill">
            ${button(newMessages > 0 ? say('New messages') : say('Jump to the newest message'), jumpToEnd, {
              kind: 'small primary',
              id: 'jump',
            })}
          </div>`
        : null
    }
    ${renderComposer(frame)}
  </section>`
}

function has(messages: readonly MessageView[], messageId: string | null): boolean {
  return messageId !== null && messages.some((message) => message.messageId === messageId)
}

/** The day, above its first message. */
function renderDay(
  { say, nowMs, locale }: ThreadFrame,
  { at }: MessageView,
  before: MessageView | undefined,
): TemplateResult | null {
  if (before !== undefined && !isAnotherDay(before.at, at)) return null
  const { daysAgo, date } = dayOf(at, new Date(nowMs), locale)
  const day = daysAgo === 0 ? say('Today') : daysAgo === 1 ? say('Yesterday') : date
  return html`<li class="day"><span>${day}</span></li>`
}
