import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CodeOffer, LinkOffer, QrOffer } from '../../../protocol/account/account.ts'
import { button } from '../../elements/controls/button.ts'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'
import { refreshIcon } from '../../elements/icons.ts'
import type { CardContext } from '../card-context.ts'
import { isTouched, phoneKindOf } from '../this-device.ts'
import { expiry } from '../text/expiry.ts'
import { groupPairingCode, spellPairingCode } from '../text/pairing-code.ts'
import { chooseCode } from '../parts/choose-code.ts'
import { renderQr } from './qr.ts'

/** The phone's steps and the live QR or pairing code. On the phone itself the pairing code comes first. */
export function renderLinkPanel(context: CardContext): TemplateResult {
  const { account, say, state, actions, disabled } = context
  const offer = state.offers[account.account] ?? null
  const isCode = offer?.method === 'code'
  const [steps, code] = [renderSteps(context, isCode), renderOffer(context, offer)]
  const quiet = { kind: 'quiet', disabled }
  const isQrHere = isTouched() && !isCode
  return html`
    ${
      isQrHere
        ? html`<p class="small-print">
              ${say('On the phone that you link, use a code: it cannot scan its own screen.')}
            </p>
            <div class="actions">
              ${button(say('Link with a code'), chooseCode(context), { kind: 'primary', disabled })}
            </div>`
        : null
    }
    ${isTouched() ? html`${code} ${steps}` : html`${steps} ${code}`}
    <div class="actions">
      ${button(say('Cancel'), actions.cancelLink, { disabled })}
      ${isCode ? button(say('Use a QR code instead'), actions.link, quiet) : null}
      ${isCode || isQrHere ? null : button(say('Link with phone number instead'), chooseCode(context), quiet)}
    </div>
  `
}

function renderOffer(context: CardContext, offer: LinkOffer | null): TemplateResult {
  if (offer?.method === 'code') return renderCode(context, offer)
  if (offer !== null) return renderQrOffer(context, offer)
  return html`<div class="waiting">
    <span class="spinner"></span>${context.say("Waiting for WhatsApp's code…")}
  </div>`
}

/** Where WhatsApp has it, on each kind of phone; on the phone itself only that of its kind. */
function renderSteps({ say }: CardContext, isCode: boolean): TemplateResult {
  const last = isCode
    ? say('Tap “Link with phone number instead” and enter this code')
    : say('Point the phone at this code')
  const kind = isTouched() ? phoneKindOf(navigator.userAgent) : null
  const iPhone = say('Settings › Linked Devices › Link a Device')
  const android = say('⋮ (top right) › Linked devices › Link a device')
  const path =
    kind === null
      ? html`<span><b>${say('iPhone')}:</b> ${iPhone}</span>
          <span><b>${say('Android')}:</b> ${android}</span>`
      : html`<span>${kind === 'iphone' ? iPhone : android}</span>`
  return html`<ol class="steps" aria-label=${say('On the phone')}>
    ${[html`<span>${say('Open WhatsApp on the phone')}</span>`, path, html`<span>${last}</span>`].map(
      (step) => html`<li><div>${step}</div></li>`,
    )}
  </ol>`
}

/** The live pairing code with its countdown, and for which phone it is. */
function renderCode(context: CardContext, { code, phoneNumber, expiresAt }: CodeOffer): TemplateResult {
  const { say } = context
  const { isOver, countdown } = expiry(context, expiresAt)
  // On one line: people copy the code, and white space around it would be copied too.
  const kind = isOver ? 'code expired' : 'code'
  return html`<div class="offer">
    <div class=${kind} part="code" aria-hidden="true">${groupPairingCode(code)}</div>
    <span class="visually-hidden">${say('Pairing code: {code}', { code: spellPairingCode(code) })}</span>
    ${
      isOver
        ? null
        : renderCopyButton(context, {
            key: 'pairing-code',
            label: say('Copy'),
            kind: isTouched() ? 'primary' : 'small',
            name: say('Copy the pairing code'),
            // The phone's field takes the characters alone.
            text: code,
            source: '.code',
          })
    }
    <div>${say('For the phone')} <bdi class="number">${phoneNumber}</bdi></div>
    <div class="muted number" role="timer">${countdown}</div>
  </div>`
}

/** The live QR with its true countdown; after the last one the way to a new one. */
function renderQrOffer(
  context: CardContext,
  { qr, remaining, sequence, expiresAt }: QrOffer,
): TemplateResult {
  const { say, actions, disabled } = context
  const { isOver, countdown } = expiry(context, expiresAt)
  const isLast = remaining === 0
  const over = isLast
    ? html`<span>${say('This code has expired')}</span> ${button(
          html`${refreshIcon} ${say('Refresh QR')}`,
          actions.link,
          { kind: 'primary small', disabled },
        )}`
    : say('The next code appears automatically.')
  return html`<div class="offer">
    <div class="frame ${isOver ? 'expired' : ''}" part="qr">
      ${renderQr(context, qr, isOver ? countdown : say('QR code to link WhatsApp; scan it with the phone'))}
      ${isOver ? html`<div class="over" role="status">${over}</div>` : null}
    </div>
    <div>
      <span role="timer" class="number">${countdown}</span>
      <span class="muted" role="status">
        · ${say('code {number} of {count}', { number: sequence, count: sequence + remaining })}
      </span>
    </div>
    ${isLast ? null : html`<p class="muted small-print">${say('The next code appears automatically.')}</p>`}
  </div>`
}
