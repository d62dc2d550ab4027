import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { attention } from '../late-parts.ts'
import { blockedSendersOf } from '../state/card-state.ts'
import { renderAttentionSection } from '../parts/attention-section.ts'

/** People who wrote without being allowed. */
export function renderBlockedSenders(context: CardContext): TemplateResult | null {
  const { account, locale, say, state } = context
  const blocked = blockedSendersOf(state, account.account)
  const { length: count } = blocked
  if (count === 0) return null
  return renderAttentionSection(
    { id: 'blocked-title', title: say('Wrote, but is not allowed'), count, locale },
    attention.draw(context, (parts) => parts.renderBlockedRows(context, blocked)),
  )
}
