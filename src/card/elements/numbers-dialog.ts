import { LitElement, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import { crossIcon } from '../parts/icons.ts'
import { controls } from '../styles/controls.ts'
import { dialogStyles } from '../styles/dialog.ts'
import { NumberForm } from './number-form.ts'
import type { NumberSubmitDetail } from './number-form.ts'

/** What `save` carries: the whole list as the person left it. */
export interface NumbersSaveDetail {
  allowFrom: string[]
}

/**
 * "Edit allowed numbers": a copy of the list that is changed freely and sent as a whole by Save. Fires `save`, and
 * `dismiss` when it closes without one.
 */
export class NumbersDialog extends LitElement {
  static override properties = {
    open: { type: Boolean },
    allowFrom: { attribute: false },
    busy: { type: Boolean },
    error: { type: String },
    badNumber: { attribute: false },
    draft: { state: true },
  }

  static override styles = [controls, dialogStyles]

  declare open: boolean
  declare allowFrom: readonly string[]
  declare busy: boolean
  declare error: string
  /** The entry that the daemon refused, as it was sent. */
  declare badNumber: string | null
  declare draft: readonly string[]

  constructor() {
    super()
    this.open = false
    this.allowFrom = []
    this.busy = false
    this.error = ''
    this.badNumber = null
    this.draft = []
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open) this.draft = this.allowFrom
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('open')) return
    const dialog = this.renderRoot.querySelector('dialog')
    if (this.open && dialog?.open === false) {
      dialog.showModal()
      this.#form?.clear()
      this.#form?.focus()
    } else if (!this.open) dialog?.close()
  }

  get #form(): NumberForm | null {
    const form = this.renderRoot.querySelector('whatsapp-card-number-form')
    return form instanceof NumberForm ? form : null
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#closed} @cancel=${this.#dismiss}>
      <h2 id="title">Allowed numbers</h2>
      <p class="muted small-print">
        Only these people get answers. Everybody else is ignored silently. Changes are in force at once.
      </p>
      ${
        this.draft.length === 0
          ? html`<p class="empty">Nobody is allowed.</p>`
          : html`<ul aria-label="Allowed numbers">
              ${this.draft.map((number) => this.#renderEntry(number))}
            </ul>`
      }
      <whatsapp-card-number-form
        label="Add a number"
        hint="With country code, such as +15551234567."
        submit-label="Add"
        .error=${this.error}
        @number-submit=${this.#add}
      ></whatsapp-card-number-form>
      <div class="buttons">
        <button @click=${this.#dismiss}>Cancel</button>
        <button class="primary" ?disabled=${this.busy} @click=${this.#save}>
          ${this.busy ? 'Saving…' : 'Save'}
        </button>
      </div>
    </dialog>`
  }

  #renderEntry(number: string): TemplateResult {
    const isBad = number === this.badNumber
    return html`<li class=${isBad ? 'bad' : ''}>
      <span class="number">${number === '*' ? 'Everybody (*)' : number}</span>
      ${isBad ? html`<span class="visually-hidden">(refused)</span>` : nothing}
      <button aria-label="Remove ${number}" @click=${() => this.#remove(number)}>${crossIcon}</button>
    </li>`
  }

  #add(event: CustomEvent<NumberSubmitDetail>): void {
    this.#take(event.detail.value)
    this.#form?.clear()
  }

  #take(number: string): void {
    if (!this.draft.includes(number)) this.draft = [...this.draft, number]
  }

  #remove(number: string): void {
    this.draft = this.draft.filter((entry) => entry !== number)
    this.#form?.focus()
  }

  #save(): void {
    const typed = this.#form?.value ?? ''
    if (typed !== '') {
      this.#take(typed)
      this.#form?.clear()
    }
    const detail: NumbersSaveDetail = { allowFrom: [...this.draft] }
    this.dispatchEvent(new CustomEvent('save', { detail }))
  }

  #dismiss(): void {
    this.dispatchEvent(new Event('dismiss'))
  }

  #closed(): void {
    if (this.open) this.#dismiss()
  }
}
