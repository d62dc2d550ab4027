import { LitElement, css, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import type { QrOffer } from '../../protocol/account.ts'
import { refreshIcon } from '../parts/icons.ts'
import { Ticker } from '../state/ticker.ts'
import { controls } from '../styles/controls.ts'
import { formatCountdown, secondsUntil } from '../text/countdown.ts'
import { qrPath } from '../text/qr-path.ts'
import type { QrPath } from '../text/qr-path.ts'

/**
 * One live QR with its true countdown. Fires `refresh` when the person asks for a new one after the last expired.
 * The QR is a secret: it is set as a property and only ever drawn.
 */
export class QrView extends LitElement {
  static override properties = {
    offer: { attribute: false },
    clockOffsetMs: { attribute: false },
    busy: { type: Boolean },
  }

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: 12px;
      }
      .frame {
        position: relative;
        width: min(100%, 288px);
        aspect-ratio: 1;
        border-radius: 16px;
        border: 1px solid var(--line);
        background: #ffffff;
        overflow: hidden;
      }
      svg.qr {
        display: block;
        width: 100%;
        height: 100%;
      }
      .expired svg.qr {
        opacity: 0.12;
        filter: blur(4px);
      }
      .over {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 12px;
        color: #14201b;
        font-weight: 620;
      }
      .facts {
        display: flex;
        gap: 8px;
        justify-content: center;
        font-size: 0.9rem;
      }
      .bar {
        width: min(100%, 288px);
        height: 4px;
        border-radius: 4px;
        background: var(--line);
        overflow: hidden;
      }
      .bar i {
        display: block;
        height: 100%;
        border-radius: 4px;
        background: var(--accent);
        transition: width 500ms linear;
      }
    `,
  ]

  declare offer: QrOffer | null
  declare clockOffsetMs: number
  declare busy: boolean
  #drawn: { qr: string; drawing: QrPath } | null = null
  #firstSeconds = 1

  constructor() {
    super()
    this.offer = null
    this.clockOffsetMs = 0
    this.busy = false
    // One tick after the end still draws "expired".
    this.addController(new Ticker(this, () => this.offer !== null))
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { offer } = this
    if (!changed.has('offer')) return
    if (offer === null) {
      this.#drawn = null
      return
    }
    if (this.#drawn?.qr === offer.qr) return
    this.#drawn = { qr: offer.qr, drawing: qrPath(offer.qr) }
    this.#firstSeconds = Math.max(1, secondsUntil(offer.expiresAt, Date.now(), this.clockOffsetMs))
  }

  protected override render(): TemplateResult | typeof nothing {
    const { offer } = this
    if (offer === null || this.#drawn === null) return nothing
    const { size, path } = this.#drawn.drawing
    const seconds = secondsUntil(offer.expiresAt, Date.now(), this.clockOffsetMs)
    const isExpired = seconds === 0
    return html`
      <div class="frame ${isExpired ? 'expired' : ''}">
        <svg
          class="qr"
          viewBox="0 0 ${size} ${size}"
          shape-rendering="crispEdges"
          role="img"
          aria-label=${isExpired ? 'Expired QR code' : 'QR code to link WhatsApp; scan it with the phone'}
        >
          <path d=${path} fill="#0c1712" />
        </svg>
        ${isExpired ? this.#renderExpired(offer.remaining) : nothing}
      </div>
      <div class="bar" aria-hidden="true"><i style="width:${(100 * seconds) / this.#firstSeconds}%"></i></div>
      <div class="facts number">
        <span role="timer" aria-live="off">
          ${isExpired ? 'Expired' : `Expires in ${formatCountdown(seconds)}`}
        </span>
        <span class="muted">· code ${offer.sequence} of ${offer.sequence + offer.remaining}</span>
      </div>
    `
  }

  #renderExpired(remaining: number): TemplateResult {
    if (remaining > 0) return html`<div class="over">A new code is on its way…</div>`
    return html`<div class="over">
      <span>This code expired</span>
      <button class="primary small" ?disabled=${this.busy} @click=${this.#refresh}>
        ${refreshIcon} Refresh QR
      </button>
    </div>`
  }

  #refresh(): void {
    this.dispatchEvent(new Event('refresh'))
  }
}
