import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CodeOffer } from '../../../protocol/account.ts'
import { groupPairingCode, spellPairingCode } from '../text/pairing-code.ts'
import type { CardContext } from './card-context.ts'
import { expiry } from './expiry.ts'

/** The live pairing code with its countdown, and for which phone it is. */
export function renderLinkCode(context: CardContext, offer: CodeOffer): TemplateResult {
  const { say } = context
  const { code, phoneNumber, expiresAt } = offer
  const { isOver, words } = expiry(context, expiresAt)
  const kind = isOver ? 'code expired' : 'code'
  return html`<div class="offer">
    <div class=${kind} part="code" aria-hidden="true">${groupPairingCode(code)}</div>
    <span class="visually-hidden">${say('Pairing code: {code}', { code: spellPairingCode(code) })}</span>
    <div>${say('For the phone')} <bdi class="number">${phoneNumber}</bdi></div>
    <div class="muted number" role="timer">${words}</div>
  </div>`
}
