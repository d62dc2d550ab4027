import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { attention } from '../late-parts.ts'
import { renderAttentionSection } from '../parts/attention-section.ts'

/** The replies that failed for good, each with "Retry" and "Discard"; for a token that may not read them only how many there are. */
export function renderFailedReplies(context: CardContext): TemplateResult | null {
  const { account, locale, say, state } = context
  const count = account.failedMessages ?? 0
  if (count === 0) return null
  const replies = state.failedReplies[account.account]?.messages ?? []
  return renderAttentionSection(
    { id: 'failed-title', title: say('Replies that were not sent'), count, locale },
    attention.draw(context, (parts) => parts.renderReplyRows(context, replies, count)),
  )
}
