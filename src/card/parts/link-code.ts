import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { CodeOffer } from '../../protocol/account.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { groupPairingCode, spellPairingCode } from '../text/pairing-code.ts'
import type { CardContext } from './card-context.ts'

/** The live pairing code with its countdown, and for which phone it is. */
export function renderLinkCode({ say, state }: CardContext, offer: CodeOffer): Template {
  const { code, phoneNumber, expiresAt } = offer
  const seconds = secondsUntil(expiresAt, Date.now(), state.clockOffsetMs)
  const expired = seconds === 0 ? 'expired' : ''
  return html`<div class="offer">
    <div class="code ${expired}" part="code" aria-hidden="true">${groupPairingCode(code)}</div>
    <span class="visually-hidden">${say('Pairing code: {code}', { code: spellPairingCode(code) })}</span>
    <div>${say('For the phone')} <bdi class="number">${phoneNumber}</bdi></div>
    <div class="muted number" role="timer">
      ${seconds === 0 ? say('Expired') : say('Expires in {time}', { time: formatCountdown(seconds) })}
    </div>
  </div>`
}
