import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { editing } from '../late-parts.ts'

const SHOWN = 3

/** The replies that failed for good, each with "Retry" and "Discard"; for a token that may not read them only how many there are. */
export function renderFailedReplies(context: CardContext): TemplateResult | null {
  const { account, locale, say, state } = context
  const count = account.failedMessages ?? 0
  if (count === 0) return null
  const replies = (state.failedReplies[account.account]?.messages ?? []).slice(0, SHOWN)
  const rest = count - replies.length
  return html`<section class="attention" part="attention" aria-labelledby="failed-title">
    <h3 id="failed-title">
      ${say('Replies that were not sent')} <span class="count">${count.toLocaleString(locale)}</span>
    </h3>
    ${
      replies.length === 0
        ? html`<p class="small-print">
            ${say('They wait until somebody sends them again or discards them.')}
          </p>`
        : editing.draw(context, (parts) => parts.renderReplyRows(context, replies))
    }
    ${
      rest > 0 && replies.length > 0
        ? html`<p class="muted small-print">${say('and {count} more', { count: rest })}</p>`
        : null
    }
  </section>`
}
