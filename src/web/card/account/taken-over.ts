import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { attention } from '../late-parts.ts'
import { renderAttentionSection } from '../parts/attention-section.ts'

/** The chats that a person answers in the place of the assistant, each with the way to hand it back. */
export function renderTakenOver(context: CardContext): TemplateResult | null {
  const { account, locale, say, state } = context
  if (!account.takenOver) return null
  const { count, chats } = state.takenOver[account.account] ?? { count: account.takenOver, chats: [] }
  if (count <= 0) return null
  return renderAttentionSection(
    { id: 'taken-over-title', title: say('A person answers'), count, locale },
    attention.draw(context, (parts) => parts.renderTakenOverRows(context, chats, count)),
  )
}
