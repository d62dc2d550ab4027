import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { editing } from '../late-parts.ts'

/** People who wrote and were sent a code, each with "Allow" and "Reject"; for tokens that may decide it. */
export function renderPairingRequests(context: CardContext): TemplateResult | null {
  const { account, locale, say, state } = context
  const requests = state.pairing[account.account] ?? []
  if (requests.length === 0) return null
  return html`<section class="attention" part="attention" aria-labelledby="pairing-title">
    <h3 id="pairing-title">
      ${say('Ask for access')} <span class="count">${requests.length.toLocaleString(locale)}</span>
    </h3>
    ${editing.draw(context, (parts) => parts.renderPairingRows(context, requests))}
  </section>`
}
