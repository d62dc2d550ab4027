import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { OutboxEntry } from '../../../protocol/outbox-entry.ts'
import { button } from '../../elements/controls/button.ts'
import { renderAskButton, renderQuestion } from '../../elements/controls/confirm.ts'
import type { Question } from '../../elements/controls/confirm.ts'
import { renderFailure } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import { nameOf } from '../state/sender-names.ts'
import { formatDateTime } from '../text/time.ts'
import { renderRest } from './rest.ts'

const SHOWN = 3

/** The first of `count` replies that failed, each with its person, why, and what can be done; none where they may not be read. */
export function renderReplyRows(
  context: CardContext,
  replies: readonly OutboxEntry[],
  count: number,
): TemplateResult {
  const shown = replies.slice(0, SHOWN)
  if (shown.length === 0)
    return html`<p class="small-print">
      ${context.say('They wait until somebody sends them again or discards them.')}
    </p>`
  return html`<ul class="rows">
      ${shown.map((reply) => renderReply(context, reply))}
    </ul>
    ${renderRest(context, count - shown.length)}`
}

function renderReply(context: CardContext, reply: OutboxEntry): TemplateResult {
  const { actions, can, disabled, live, say, locale } = context
  const { messageId, text, failure } = reply
  const who = recipientOf(context, reply)
  const question: Question = {
    key: `discard-${messageId}`,
    label: say('Discard'),
    name: say('Discard the reply to {name}', { name: who }),
    question: say('The reply is never sent, and its text is erased.'),
    yes: say('Yes, discard'),
    run: () => actions.discardReply(messageId),
  }
  const refused = live.failure(`reply ${messageId}`)
  return html`<li class="reply">
    <div class="who">
      <strong class="name"><bdi>${who}</bdi></strong>
      <div class="clamped"><bdi>${text}</bdi></div>
      ${
        failure === null
          ? null
          : html`<div class="muted small-print">
              ${say.said(failure)[0]} <bdi>${formatDateTime(failure.at, locale)}</bdi>
            </div>`
      }
    </div>
    ${
      can('outbox.retry')
        ? button(say('Retry'), () => actions.retryReply(messageId), {
            kind: 'small',
            name: say('Retry the reply to {name}', { name: who }),
            disabled,
          })
        : null
    }
    ${can('outbox.discard') ? renderAskButton(context, question, { kind: 'small' }) : null}
    ${renderQuestion(context, question)} ${refused === null ? null : renderFailure(say, refused)}
  </li>`
}

/** The number of the person, where the conversation says it, with the name: that is a label, and two people may have the same. */
function recipientOf({ say, settings }: CardContext, { conversation }: OutboxEntry): string {
  const name = nameOf(settings, conversation)
  if (conversation.startsWith('+')) return name === '' ? conversation : `${name} (${conversation})`
  return conversation.endsWith('@g.us') ? say('A group') : say('Somebody')
}
