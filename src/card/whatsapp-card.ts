import { LitElement, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import type { NumberSubmitDetail } from './elements/number-form.ts'
import type { NumbersSaveDetail } from './elements/numbers-dialog.ts'
import { renderAccountActions } from './parts/account-actions.ts'
import { renderAccountStatus } from './parts/account-status.ts'
import { renderAllowedNumbers } from './parts/allowed-numbers.ts'
import { renderBlockedSenders } from './parts/blocked-senders.ts'
import type { CardContext } from './parts/card-context.ts'
import { renderHeader } from './parts/card-header.ts'
import { renderConfigProblems } from './parts/config-problems.ts'
import { connectionBadge, renderConnectionState, renderNotConfigured } from './parts/connection-state.ts'
import { renderEnabledSwitch } from './parts/enabled-switch.ts'
import { renderLinkPanel } from './parts/link-panel.ts'
import { renderLinkWarning } from './parts/link-warning.ts'
import { renderFailure } from './parts/note.ts'
import { presentAccount } from './state/account-presentation.ts'
import { cardActions } from './state/card-actions.ts'
import { accountIdOf } from './state/card-state.ts'
import { LiveView } from './state/live-view.ts'
import { Ticker } from './state/ticker.ts'
import { cardStyles } from './styles/card.ts'
import { controls } from './styles/controls.ts'
import { switchStyles } from './styles/switch.ts'
import { tokens } from './styles/tokens.ts'

/** Failures that are shown where they belong instead of under the status. */
const FAILURES_SHOWN_ELSEWHERE = /^(allow |setAllowFrom$|linkByCode$)/

/**
 * The integration card of one WhatsApp account: link, state, allowed numbers, problems. Set `url` (the control plane,
 * `ws://…/v1/ws`) and `token` (a string, or a function that fetches one) as properties; `account` is optional. Fires
 * `whatsapp-card-unauthorized` when the token is refused.
 */
export class WhatsappCard extends LitElement {
  static override properties = {
    url: { type: String },
    token: { attribute: false },
    account: { type: String },
    editing: { state: true },
    choosingCode: { state: true },
  }

  static override styles = [tokens, controls, switchStyles, cardStyles]

  declare url: string | null
  /** Never an attribute: attributes end up in page sources and error reports. */
  declare token: string | (() => Promise<string>) | null
  declare account: string | null
  declare editing: boolean
  declare choosingCode: boolean
  readonly #live: LiveView
  #wasUnauthorized = false

  constructor() {
    super()
    this.url = null
    this.token = null
    this.account = null
    this.editing = false
    this.choosingCode = false
    this.#live = new LiveView(this)
    const isRetrying = (): boolean =>
      Object.values(this.#live.state.accounts).some((view) => view.nextAttemptAt !== null)
    this.addController(new Ticker(this, isRetrying))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#open()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url') || changed.has('token')) this.#open()
  }

  #open(): void {
    if (this.url === null || this.token === null) this.#live.close()
    else this.#live.open(this.url, this.token)
  }

  protected override updated(): void {
    const isUnauthorized = this.#live.state.connection === 'unauthorized'
    if (isUnauthorized === this.#wasUnauthorized) return
    this.#wasUnauthorized = isUnauthorized
    if (!isUnauthorized) return
    this.dispatchEvent(new Event('whatsapp-card-unauthorized', { bubbles: true, composed: true }))
  }

  protected override render(): TemplateResult {
    const context = this.#context()
    const { state } = this.#live
    const isReady = state.connection === 'ready'
    const badge = isReady && context !== null ? presentAccount(context.account) : connectionBadge(state)
    const isConfigured = this.url !== null && this.token !== null
    return html`<article class="card" aria-labelledby="card-title">
      ${renderHeader(context === null ? null : subtitleOf(context), isConfigured ? badge : { tone: 'idle', label: 'Not set up' })}
      <div class="body">
        ${renderConfigProblems(state)}
        <div class="status" role="status" aria-live="polite">
          ${isConfigured ? nothing : renderNotConfigured()}
          ${isConfigured && !isReady ? renderConnectionState(state) : nothing}
          ${isReady && context !== null ? renderAccountStatus(context) : nothing}
          ${isReady && state.loaded && context === null ? html`<p>This account does not exist.</p>` : nothing}
        </div>
        ${context === null ? nothing : this.#renderAccount(context)}
      </div>
    </article>`
  }

  #context(): CardContext | null {
    const { state } = this.#live
    const id = accountIdOf(state, this.account)
    const account = id === null ? undefined : state.accounts[id]
    if (id === null || account === undefined || state.connection === 'unauthorized') return null
    return {
      state,
      account,
      settings: state.config?.accounts[id] ?? null,
      live: this.#live,
      actions: cardActions(this.#live, id),
      disabled: this.#live.busy !== null || state.connection !== 'ready',
    }
  }

  #renderAccount(context: CardContext): TemplateResult {
    const { account, live } = context
    const isLinking = account.state === 'awaiting_scan'
    const canLink = presentAccount(account).actions.some(([action]) => action === 'link')
    const { failed } = live
    return html`
      ${canLink ? renderLinkWarning() : nothing}
      ${failed === null || FAILURES_SHOWN_ELSEWHERE.test(failed.action) ? nothing : renderFailure(failed.error)}
      ${
        this.choosingCode && (isLinking || canLink)
          ? this.#renderCodeForm(context)
          : isLinking
            ? renderLinkPanel(context, this.#chooseCode)
            : renderAccountActions(context, this.#chooseCode)
      }
      ${renderAllowedNumbers(context, () => {
        live.clearFailure()
        this.editing = true
      })}
      ${renderBlockedSenders(context)} ${renderEnabledSwitch(context)} ${this.#renderDialog(context)}
    `
  }

  #renderCodeForm({ live, disabled, actions }: CardContext): TemplateResult {
    const failure = live.failure('linkByCode')
    const submit = async (event: CustomEvent<NumberSubmitDetail>): Promise<void> => {
      if (await actions.linkByCode(event.detail.value)) this.choosingCode = false
    }
    return html`<whatsapp-card-number-form
        label="Phone number of the WhatsApp account to link"
        hint="You get a code of eight characters to enter on that phone."
        submit-label=${live.busy === 'linkByCode' ? 'One moment…' : 'Get code'}
        .disabled=${disabled}
        .error=${failure === null ? '' : [failure.message, failure.action].filter(Boolean).join(' ')}
        @number-submit=${submit}
      ></whatsapp-card-number-form>
      <div class="actions">
        <button class="quiet" @click=${() => (this.choosingCode = false)}>Use a QR code instead</button>
      </div>`
  }

  #renderDialog({ settings, live, state, actions }: CardContext): TemplateResult {
    const failure = live.failure('setAllowFrom')
    const bad = failure?.details?.['value']
    const save = async (event: CustomEvent<NumbersSaveDetail>): Promise<void> => {
      if (await actions.setAllowFrom(event.detail.allowFrom, state.config?.revision)) this.#closeDialog()
    }
    return html`<whatsapp-card-numbers-dialog
      .open=${this.editing}
      .allowFrom=${settings?.allowFrom ?? []}
      .busy=${live.busy === 'setAllowFrom'}
      .error=${failure === null ? '' : [failure.message, failure.action].filter(Boolean).join(' ')}
      .badNumber=${typeof bad === 'string' ? bad : null}
      @save=${save}
      @dismiss=${this.#closeDialog}
    ></whatsapp-card-numbers-dialog>`
  }

  #chooseCode = (): void => {
    this.#live.clearFailure()
    this.choosingCode = true
  }

  #closeDialog = (): void => {
    this.editing = false
  }
}

function subtitleOf({ account, settings }: CardContext): string {
  const name = settings?.name ?? account.name
  return name ?? (account.account === 'default' ? "Your assistant's number" : account.account)
}
