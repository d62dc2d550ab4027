import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { button } from '../../elements/controls/button.ts'
import { renderAskButton, renderQuestion } from '../../elements/controls/confirm.ts'
import type { Question } from '../../elements/controls/confirm.ts'
import { EMPTY_DRAFT } from '../state/conversations-ui.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { messageSelector } from './message-keys.ts'
import { isOutcomeUnknown } from './message-tick.ts'
import { isWindowClosed, whyNoReply } from './why-no-reply.ts'

const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** What can be done with a message; of a failed one it is always there, of others while they are `isOpen`. */
export function renderActions(frame: ThreadFrame, message: MessageView, isOpen: boolean): TemplateResult {
  const { say, can, disabled } = frame
  const { state, failure } = message
  const isFailed = state === 'failed'
  const question = discardQuestion(frame, message)
  const again = repeatQuestion(frame, message)
  const mayDiscard = can('outbox.discard') && (isFailed || (isOpen && state === 'queued'))
  return html`<div class="message-actions actions">
      ${isOpen ? renderOpenActions(frame, message) : null}
      ${
        isFailed && can('outbox.retry')
          ? isOutcomeUnknown(message)
            ? renderAskButton(frame, again, { kind: 'small' })
            : button(say('Send again'), again.run, {
                kind: 'small',
                disabled: disabled || (failure?.code === 'window_closed' && isWindowClosed(frame)),
              })
          : null
      }
      ${mayDiscard ? renderAskButton(frame, question, { kind: 'small' }) : null}
    </div>
    ${renderQuestion(frame, question)} ${renderQuestion(frame, again)}`
}

function renderOpenActions(frame: ThreadFrame, message: MessageView): TemplateResult {
  const { say, can, chat, set, ui, view, account, disabled } = frame
  if (isWindowClosed(frame)) return html`<p class="small-print muted">${whyNoReply(frame)}</p>`
  const { messageId, isRevoked, kind } = message
  const draft = ui.drafts[view.conversationId] ?? EMPTY_DRAFT
  const quote = (): void =>
    set({
      drafts: { ...ui.drafts, [view.conversationId]: { ...draft, quote: message } },
      actionsOf: null,
      focus: '#reply',
    })
  const react = (emoji: string): void => {
    set({ actionsOf: null, focus: messageSelector(messageId) })
    void chat.react(messageId, emoji)
  }
  const own = message.reactions.find(({ from }) => from !== 'person')?.emoji
  const isPlain = !isRevoked && kind !== 'notice'
  return html`${
    isPlain && can('messages.react') && account.capabilities?.reactions !== false
      ? EMOJIS.map((emoji) =>
          button(emoji, () => react(own === emoji ? '' : emoji), {
            kind: `small emoji${own === emoji ? ' chosen' : ''}`,
            name: say('React with {emoji}', { emoji }),
            disabled,
          }),
        )
      : null
  }
  ${isPlain && can('messages.send') ? button(say('Quote'), quote, { kind: 'small', disabled }) : null}`
}

/** Before a message is sent again that may have arrived. */
function repeatQuestion({ say, chat }: ThreadFrame, { messageId }: MessageView): Question {
  return {
    key: `repeat-${messageId}`,
    label: say('Send again'),
    name: say('Send again'),
    question: say('WhatsApp did not tell whether it arrived. Sent again, it may show twice.'),
    yes: say('Yes, send again'),
    run: () => chat.retry(messageId),
  }
}

function discardQuestion({ say, chat }: ThreadFrame, { messageId }: MessageView): Question {
  return {
    key: `discard-${messageId}`,
    label: say('Discard'),
    name: say('Discard'),
    question: say('The reply is never sent, and its text is erased.'),
    yes: say('Yes, discard'),
    run: () => chat.discard(messageId),
  }
}
