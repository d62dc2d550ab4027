import { LitElement, css, html } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import { controls } from '../styles/controls.ts'

/** A button that asks before it acts. Fires `confirm` when the person says yes. */
export class ConfirmButton extends LitElement {
  static override properties = {
    label: { type: String },
    question: { type: String },
    confirmLabel: { type: String, attribute: 'confirm-label' },
    disabled: { type: Boolean },
    asking: { state: true },
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      :host([asking]) {
        flex-basis: 100% !important;
      }
      button {
        width: 100%;
      }
      .ask {
        display: grid;
        gap: 12px;
        padding: 14px 15px;
        border-radius: 13px;
        background: var(--soft);
        font-size: 0.9rem;
      }
      .ask div {
        display: flex;
        gap: 10px;
      }
    `,
  ]

  declare label: string
  declare question: string
  declare confirmLabel: string
  declare disabled: boolean
  declare asking: boolean

  constructor() {
    super()
    this.label = ''
    this.question = ''
    this.confirmLabel = ''
    this.disabled = false
    this.asking = false
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('asking') || changed.get('asking') === undefined) return
    this.toggleAttribute('asking', this.asking)
    this.renderRoot.querySelector('button')?.focus()
  }

  protected override render(): TemplateResult {
    if (!this.asking) {
      return html`<button ?disabled=${this.disabled} @click=${() => (this.asking = true)}>
        ${this.label}
      </button>`
    }
    return html`<div class="ask" role="group" aria-label=${this.label} @keydown=${this.#escape}>
      <p>${this.question}</p>
      <div>
        <button @click=${() => (this.asking = false)}>Keep</button>
        <button class="danger" ?disabled=${this.disabled} @click=${this.#confirm}>
          ${this.confirmLabel}
        </button>
      </div>
    </div>`
  }

  #escape(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.asking = false
  }

  #confirm(): void {
    this.asking = false
    this.dispatchEvent(new Event('confirm'))
  }
}
