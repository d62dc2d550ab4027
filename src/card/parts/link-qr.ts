import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { QrOffer } from '../../protocol/account.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { button } from './button.ts'
import type { CardContext } from './card-context.ts'
import { refreshIcon } from './icons.ts'
import { renderQr } from './qr.ts'

/** The live QR with its true countdown; after the last one the way to a new one. */
export function renderLinkQr({ say, state, actions, disabled }: CardContext, offer: QrOffer): Template {
  const { qr, remaining, sequence, expiresAt } = offer
  const seconds = secondsUntil(expiresAt, Date.now(), state.clockOffsetMs)
  const isExpired = seconds === 0
  const isLast = remaining === 0
  const over = isLast
    ? html`<span>${say('This code has expired')}</span> ${button(
          html`${refreshIcon} ${say('Refresh QR')}`,
          actions.link,
          { kind: 'primary small', disabled },
        )}`
    : say('The next code follows by itself.')
  return html`<div class="offer">
    <div class="frame ${isExpired ? 'expired' : ''}" part="qr">
      ${renderQr(qr, isExpired ? say('Expired') : say('QR code to link WhatsApp; scan it with the phone'))}
      ${isExpired ? html`<div class="over" role="status">${over}</div>` : null}
    </div>
    <div>
      <span role="timer" class="number">
        ${isExpired ? say('Expired') : say('Expires in {time}', { time: formatCountdown(seconds) })}
      </span>
      <span class="muted" role="status">
        · ${say('code {number} of {count}', { number: sequence, count: sequence + remaining })}
      </span>
    </div>
    ${isExpired && isLast ? null : html`<p class="muted small-print">${say('The next code follows by itself.')}</p>`}
  </div>`
}
