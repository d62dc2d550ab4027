import { LitElement, css, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { CodeOffer } from '../../protocol/account.ts'
import { Ticker } from '../state/ticker.ts'
import { controls } from '../styles/controls.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { groupPairingCode, spellPairingCode } from '../text/pairing-code.ts'

/** One live pairing code with its countdown, and for which phone it is. */
export class LinkCodeView extends LitElement {
  static override properties = { offer: { attribute: false }, clockOffsetMs: { attribute: false } }

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: 10px;
      }
      .code {
        padding: 16px 22px;
        border-radius: 14px;
        background: var(--soft);
        font:
          650 1.75rem/1.2 ui-monospace,
          'SF Mono',
          Menlo,
          Consolas,
          monospace;
        letter-spacing: 0.1em;
        user-select: all;
      }
      .expired .code {
        opacity: 0.4;
        text-decoration: line-through;
      }
      div {
        text-align: center;
        font-size: 0.9rem;
      }
    `,
  ]

  declare offer: CodeOffer | null
  declare clockOffsetMs: number

  constructor() {
    super()
    this.offer = null
    this.clockOffsetMs = 0
    this.addController(new Ticker(this, () => this.offer !== null))
  }

  protected override render(): TemplateResult | typeof nothing {
    const { offer } = this
    if (offer === null) return nothing
    const seconds = secondsUntil(offer.expiresAt, Date.now(), this.clockOffsetMs)
    return html`
      <div class=${seconds === 0 ? 'expired' : ''}>
        <div class="code" aria-hidden="true">${groupPairingCode(offer.code)}</div>
        <span class="visually-hidden">Pairing code: ${spellPairingCode(offer.code)}</span>
      </div>
      <div>For the phone <span class="number">${offer.phoneNumber}</span></div>
      <div class="muted number" role="timer" aria-live="off">
        ${seconds === 0 ? 'Expired' : `Expires in ${formatCountdown(seconds)}`}
      </div>
    `
  }
}
