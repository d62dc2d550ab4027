import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { QrOffer } from '../../../protocol/account.ts'
import { button } from '../../elements/button.ts'
import type { CardContext } from './card-context.ts'
import { expiry } from './expiry.ts'
import { refreshIcon } from '../../elements/icons.ts'
import { renderQr } from './qr.ts'

/** The live QR with its true countdown; after the last one the way to a new one. */
export function renderLinkQr(context: CardContext, offer: QrOffer): TemplateResult {
  const { say, actions, disabled } = context
  const { qr, remaining, sequence, expiresAt } = offer
  const { isOver, words } = expiry(context, expiresAt)
  const isLast = remaining === 0
  const over = isLast
    ? html`<span>${say('This code has expired')}</span> ${button(
          html`${refreshIcon} ${say('Refresh QR')}`,
          actions.link,
          { kind: 'primary small', disabled },
        )}`
    : say('The next code follows by itself.')
  return html`<div class="offer">
    <div class="frame ${isOver ? 'expired' : ''}" part="qr">
      ${renderQr(qr, isOver ? words : say('QR code to link WhatsApp; scan it with the phone'))}
      ${isOver ? html`<div class="over" role="status">${over}</div>` : null}
    </div>
    <div>
      <span role="timer" class="number">${words}</span>
      <span class="muted" role="status">
        · ${say('code {number} of {count}', { number: sequence, count: sequence + remaining })}
      </span>
    </div>
    ${isOver && isLast ? null : html`<p class="muted small-print">${say('The next code follows by itself.')}</p>`}
  </div>`
}
