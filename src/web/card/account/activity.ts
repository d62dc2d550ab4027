import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { formatTimeOfDay } from '../text/time.ts'

/** Signs of life of a linked account: messages, answers, what waits, and how the assistant is. Nothing with older daemons. */
export function renderActivity({
  account,
  say,
  settings,
  state,
  locale,
}: CardContext): TemplateResult | null {
  const activity = state.activity[account.account]
  if (!account.linked || activity === undefined) return null
  const { lastMessageAt, lastAnswerAt, answered, waiting, queued } = activity
  const time = (iso: string): string => formatTimeOfDay(new Date(iso), new Date(), locale)
  const number = (count: number): string => count.toLocaleString(locale)
  const failed = account.failedMessages ?? 0
  const rows = [
    [say('Last message'), lastMessageAt === null ? say('none yet') : time(lastMessageAt), ''],
    [say('Answered today'), number(answered), ''],
    [say('Waiting'), number(waiting + queued), ''],
    [say('Failed'), number(failed), failed > 0 ? 'warned' : ''],
  ] as const
  const { assistant } = account
  return html`<section
    class="life ${state.asOf === null ? '' : 'past'}"
    part="activity"
    aria-label=${say('Activity')}
  >
    <dl>
      ${rows.map(
        ([term, value, look]) =>
          html`<div>
            <dt>${term}</dt>
            <dd class=${look}><bdi>${value}</bdi></dd>
          </div>`,
      )}
    </dl>
    ${
      assistant?.ok && settings?.hasAssistant !== false && lastAnswerAt !== null
        ? html`<p class="muted small-print">
            ${say('Last answer of {agent}: {date}.', { agent: assistant.agent, date: time(lastAnswerAt) })}
          </p>`
        : null
    }
  </section>`
}
