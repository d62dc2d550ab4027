import { LitElement, css, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { controls } from '../styles/controls.ts'

/** What `number-submit` carries. */
export interface NumberSubmitDetail {
  /** As typed, without blanks around it; the daemon normalises and judges it. */
  value: string
}

/** One field for a phone number with its button and its error. Fires `number-submit`. */
export class NumberForm extends LitElement {
  static override properties = {
    label: { type: String },
    hint: { type: String },
    submitLabel: { type: String, attribute: 'submit-label' },
    disabled: { type: Boolean },
    error: { type: String },
    missing: { state: true },
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      label {
        display: block;
        margin-bottom: 6px;
        font-size: 0.9rem;
        font-weight: 550;
      }
      .row {
        display: flex;
        gap: 8px;
      }
      .row button {
        flex: none;
      }
      .hint {
        margin-top: 6px;
      }
    `,
  ]

  declare label: string
  declare hint: string
  declare submitLabel: string
  declare disabled: boolean
  declare error: string
  declare missing: boolean

  constructor() {
    super()
    this.label = ''
    this.hint = ''
    this.submitLabel = ''
    this.disabled = false
    this.error = ''
    this.missing = false
  }

  /** What is typed right now, without blanks around it. */
  get value(): string {
    return this.#input?.value.trim() ?? ''
  }

  clear(): void {
    if (this.#input !== null) this.#input.value = ''
    this.missing = false
  }

  override focus(): void {
    this.#input?.focus()
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input')
  }

  protected override render(): TemplateResult {
    const error = this.missing ? 'Enter a phone number.' : this.error
    return html`<form novalidate @submit=${this.#submit}>
      <label for="number">${this.label}</label>
      <div class="row">
        <input
          id="number"
          class="number"
          type="tel"
          inputmode="tel"
          autocomplete="off"
          maxlength="64"
          placeholder="+15551234567"
          aria-invalid=${error === '' ? 'false' : 'true'}
          aria-describedby="error hint"
          @input=${() => (this.missing = false)}
        />
        <button type="submit" ?disabled=${this.disabled}>${this.submitLabel}</button>
      </div>
      <p id="error" class="field-error" role="alert" ?hidden=${error === ''}>${error}</p>
      ${this.hint === '' ? nothing : html`<p id="hint" class="hint muted small-print">${this.hint}</p>`}
    </form>`
  }

  #submit(event: Event): void {
    event.preventDefault()
    this.missing = this.value === ''
    if (this.missing) this.focus()
    else
      this.dispatchEvent(
        new CustomEvent<NumberSubmitDetail>('number-submit', { detail: { value: this.value } }),
      )
  }
}
