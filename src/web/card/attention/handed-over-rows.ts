import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountView } from '../../../protocol/account/account.ts'
import type { CardContext } from '../card-context.ts'
import { formatDateTime } from '../text/time.ts'
import { renderRest } from './rest.ts'

type HandOver = NonNullable<AccountView['handedOver']>[number]

const SHOWN = 5

/**
 * Those who asked and got no word, because the assistant leaves them to a person, and how many of the `count` who wait got none because
 * an answer failed.
 */
export function renderHandedOverRows(
  context: CardContext,
  waiting: readonly HandOver[],
  count: number,
): TemplateResult {
  const { say } = context
  const failed = count - waiting.length
  return html`${waiting.length === 0 ? null : renderWaiting(context, waiting)}
  ${
    failed > 0
      ? html`<p class="small-print">
          ${say('Chats in which the answer of the assistant failed: {count}.', { count: failed })}
        </p>`
      : null
  }`
}

function renderWaiting(context: CardContext, waiting: readonly HandOver[]): TemplateResult {
  const { locale, say } = context
  return html`<p class="muted small-print">
      ${say('The assistant left these questions to a person. Answer them on the phone.')}
    </p>
    <ul class="rows">
      ${waiting.slice(0, SHOWN).map(
        ({ conversation, name, since }) =>
          html`<li>
            <div class="who">
              <div class="clamped">
                <strong class="number"
                  ><bdi>${isGroup(conversation) ? (name ?? conversation) : conversation}</bdi></strong
                >
                ${name === null || isGroup(conversation) ? null : html`<bdi>${name}</bdi>`}
              </div>
              <div class="muted small-print"><bdi>${formatDateTime(since, locale)}</bdi></div>
            </div>
          </li>`,
      )}
    </ul>
    ${renderRest(context, waiting.length - SHOWN)}`
}

function isGroup(conversation: string): boolean {
  return conversation.endsWith('@g.us')
}
