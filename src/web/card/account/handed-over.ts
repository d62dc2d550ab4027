import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { attention } from '../late-parts.ts'
import { renderAttentionSection } from '../parts/attention-section.ts'

/** Who waits for a person, because the assistant said nothing or could not; nobody is any more once somebody answers there. */
export function renderHandedOver(context: CardContext): TemplateResult | null {
  const { account, locale, say } = context
  const waiting = account.handedOver ?? []
  // Earlier daemons count only these.
  const count = Math.max(account.waiting ?? 0, waiting.length)
  if (count === 0) return null
  return renderAttentionSection(
    { id: 'handed-over-title', title: say('Wait for a person'), count, locale },
    attention.draw(context, (parts) => parts.renderHandedOverRows(context, waiting, count)),
  )
}
