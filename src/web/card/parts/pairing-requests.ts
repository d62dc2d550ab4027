import type { TemplateResult } from 'lit'
import type { PairingFrame } from '../card-context.ts'
import { attention } from '../late-parts.ts'
import { renderAttentionSection } from './attention-section.ts'

/** People who wrote and were sent a code, each with "Allow" and "Reject"; for tokens that may decide it. */
export function renderPairingRequests(context: PairingFrame): TemplateResult | null {
  const { account, locale, say, state } = context
  const requests = state.pairing[account.account] ?? []
  const { length: count } = requests
  if (count === 0) return null
  return renderAttentionSection(
    { id: 'pairing-title', title: say('Ask for access'), count, locale },
    attention.draw(context, (parts) => parts.renderPairingRows(context, requests)),
  )
}
