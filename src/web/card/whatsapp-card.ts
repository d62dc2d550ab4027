import { html } from '../elements/html.ts'
import type { Template } from '../elements/html.ts'
import { CardElement } from '../elements/card-element.ts'
import { accountName, renderAccountList } from './parts/account-list.ts'
import { renderAccountActions } from './parts/account-actions.ts'
import { renderAccountStatus } from './parts/account-status.ts'
import { renderAddAccount } from './parts/add-account.ts'
import { renderAllowedNumbers } from './parts/allowed-numbers.ts'
import { renderBlockedSenders } from './parts/blocked-senders.ts'
import type { CardContext, CardFrame } from './parts/card-context.ts'
import { renderHeader } from './parts/card-header.ts'
import type { Badge } from './parts/card-header.ts'
import { renderConfigProblems } from './parts/config-problems.ts'
import { connectionBadge, renderConnectionState, renderNotConfigured } from './parts/connection-state.ts'
import { renderEnabledSwitch } from './parts/enabled-switch.ts'
import { renderCodeForm, renderLinkPanel } from './parts/link-panel.ts'
import { renderLinkWarning } from './parts/link-warning.ts'
import { renderFailure } from '../elements/note.ts'
import { renderNumbersDialog } from './parts/numbers-dialog.ts'
import { renderPasskeyHelp } from './parts/passkey-help.ts'
import { renderSettings } from './parts/settings.ts'
import { renderShare } from './parts/share.ts'
import { presentAccount } from './state/account-presentation.ts'
import { cardActions } from './state/card-actions.ts'
import { accountIdOf } from './state/card-state.ts'
import { INITIAL_UI } from './state/card-ui.ts'
import type { CardUi } from './state/card-ui.ts'
import { LiveView } from './state/live-view.ts'
import { Ticker } from './state/ticker.ts'
import { cardStyles } from './styles/card-styles.ts'
import { controls } from '../elements/controls.ts'
import { pieces } from './styles/pieces.ts'
import { tokens } from '../elements/tokens.ts'
import { words } from './text/words.ts'
import type { CardStrings } from './text/words.ts'

/** Failures that are shown where they belong instead of under the status. */
const FAILURES_SHOWN_ELSEWHERE = /^(allow |setAllowFrom$|linkByCode$|change$|create$)/

/** What the card needs to talk to the daemon: a token, or a function that fetches one whenever one is needed. */
export type CardToken = string | (() => string | Promise<string>)

/**
 * The integration card of the WhatsApp accounts of one daemon: link, state, allowed numbers, settings, problems. Set `url`
 * (the control plane, `ws://…/v1/ws`) and `token` as properties. Fires `whatsapp-card-unauthorized` when the token is
 * refused, and `whatsapp-card-change` whenever an account or the connection changes (`detail`: `connection`, `accounts`).
 */
export class WhatsappCard extends CardElement {
  static readonly observedAttributes = ['url', 'account']

  /** Of the control plane, such as `wss://sandbox.example/v1/ws`. Also an attribute. */
  declare url: string | null
  /** Never an attribute: attributes end up in page sources and error reports. */
  declare token: CardToken | null
  /** The account that the card is about; without it all of them, one shown in full. Also an attribute. */
  declare account: string | null
  /** Translations, by the card's English text or by a code of the daemon (`<code>`, `<code>.action`). */
  declare strings: CardStrings | null

  readonly #live = new LiveView(() => this.requestUpdate())
  #ui = INITIAL_UI
  /** The address and the token that it was opened with. */
  #opened: unknown[] | null = null
  #told: unknown[] = []
  /** What had the focus when an action began, which disables it: a browser then forgets where the person was. */
  #interrupted: HTMLElement | null = null

  constructor() {
    super(tokens + controls + cardStyles + pieces)
    this.define({ url: null, token: null, account: null, strings: null })
    this.addController(this.#live)
    const hasCountdown = (): boolean => {
      const { accounts, offers } = this.#live.state
      return (
        [...Object.values(offers), ...Object.values(accounts).filter((view) => view.nextAttemptAt)].length > 0
      )
    }
    this.addController(new Ticker(() => this.requestUpdate(), hasCountdown))
  }

  attributeChangedCallback(name: 'url' | 'account', _old: string | null, value: string | null): void {
    this[name] = value
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#opened = null
  }

  get #isConfigured(): boolean {
    return Boolean(this.url && this.token)
  }

  protected override updated(root: ShadowRoot): void {
    if (this.#live.busy === null) {
      if (document.activeElement === document.body) this.#interrupted?.focus()
      this.#interrupted = null
    }
    const dialog = root.querySelector('dialog')
    const { draft, focus } = this.#ui
    if (draft !== null && dialog?.open === false) dialog.showModal()
    if (draft === null) dialog?.close()
    if (focus !== null) {
      this.#ui = { ...this.#ui, focus: null }
      root.querySelector<HTMLElement>(focus)?.focus()
    }
    this.#tell()
  }

  #tell(): void {
    const { connection, accounts } = this.#live.state
    const [toldConnection, toldAccounts] = this.#told
    if (toldConnection === connection && toldAccounts === accounts) return
    this.#told = [connection, accounts]
    const init = { bubbles: true, composed: true }
    const detail = { connection, accounts: Object.values(accounts) }
    this.dispatchEvent(new CustomEvent('whatsapp-card-change', { ...init, detail }))
    if (connection === 'unauthorized' && toldConnection !== connection) {
      this.dispatchEvent(new Event('whatsapp-card-unauthorized', init))
    }
  }

  protected override view(): Template {
    this.#connect()
    if (this.#live.busy !== null) this.#interrupted ??= this.focused
    const frame = this.#frame()
    const { state } = frame
    const id = accountIdOf(state, this.account, this.#ui.selected)
    const account = id === null || state.connection === 'unauthorized' ? undefined : state.accounts[id]
    const context = account === undefined ? null : frame.about(account)
    const isReady = state.connection === 'ready'
    return html`<article class="card" part="card" aria-labelledby="card-title">
      ${renderHeader(context === null ? null : accountName(context), this.#badge(frame, isReady ? context : null))}
      <div class="body" part="body">
        ${renderConfigProblems(frame)}
        ${context === null || this.account !== null ? null : renderAccountList(context)}
        <div class="status" role="status" aria-live="polite">
          ${this.#isConfigured ? null : renderNotConfigured(frame)}
          ${this.#isConfigured && !isReady ? renderConnectionState(frame) : null}
          ${isReady && context !== null ? renderAccountStatus(context) : null}
          ${
            isReady && state.loaded && context === null
              ? html`<p>${frame.say('This account does not exist.')}</p>`
              : null
          }
        </div>
        ${context === null ? null : this.#renderAccount(context)}
      </div>
    </article>`
  }

  /** Opens, or reopens after the address or the token changed. */
  #connect(): void {
    const { url, token } = this
    if (this.#opened?.[0] === url && this.#opened[1] === token) return
    this.#opened = [url, token]
    this.#ui = INITIAL_UI
    if (url && token) this.#live.open(url, token)
    else this.#live.close()
  }

  #badge(frame: CardFrame, context: CardContext | null): Badge {
    if (!this.#isConfigured) return { tone: 'idle', label: frame.say('Not set up') }
    if (context === null) return connectionBadge(frame)
    const { tone, label } = presentAccount(context.account)
    return { tone, label: frame.say(label) }
  }

  #frame(): CardFrame {
    const live = this.#live
    const { state } = live
    const locale = this.closest<HTMLElement>('[lang]')?.lang || undefined
    const frame: CardFrame = {
      say: words(this.strings),
      state,
      ui: this.#ui,
      set: (change: Partial<CardUi>) => {
        this.#ui = { ...this.#ui, ...change }
        this.requestUpdate()
      },
      live,
      locale,
      disabled: live.busy !== null || state.connection !== 'ready',
      can: (method) => live.can(method),
      about: (account) => ({
        ...frame,
        account,
        settings: state.config?.accounts[account.account] ?? null,
        actions: cardActions(live, account.account),
        isWritable: state.config?.configWrites === true && live.can('config.setAllowFrom'),
      }),
    }
    return frame
  }

  #renderAccount(context: CardContext): Template {
    const { account, live, can, say, ui } = context
    const isLinking = account.state === 'awaiting_scan'
    const canLink =
      presentAccount(account).actions.some(([action]) => action === 'link') && can('accounts.link')
    const { failed } = live
    return html`
      ${renderPasskeyHelp(context)} ${canLink ? renderLinkWarning(context) : null}
      ${failed === null || FAILURES_SHOWN_ELSEWHERE.test(failed.action) ? null : renderFailure(say, failed.error)}
      ${
        ui.choosingCode && (isLinking || canLink)
          ? renderCodeForm(context)
          : isLinking
            ? renderLinkPanel(context)
            : renderAccountActions(context)
      }
      ${renderShare(context)} ${renderAllowedNumbers(context)} ${renderBlockedSenders(context)}
      ${renderEnabledSwitch(context)} ${renderSettings(context)}
      ${this.account === null ? renderAddAccount(context) : null} ${renderNumbersDialog(context)}
    `
  }
}
