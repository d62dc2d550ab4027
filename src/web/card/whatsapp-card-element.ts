import { LitElement, html } from 'lit'
import type { TemplateResult } from 'lit'
import '../elements/shared.ts'
import { shownState } from './account-states.ts'
import { accountName, renderAccountList } from './parts/account-list.ts'
import { renderAccountActions, renderEnabledSwitch } from './parts/account-actions.ts'
import { renderReasonAndAttempt } from './parts/account-status.ts'
import { renderAddAccount } from './parts/add-account.ts'
import { renderAllowedNumbers } from './parts/allowed-numbers.ts'
import { renderAttention } from './parts/attention.ts'
import type { CardContext, CardFrame } from './card-context.ts'
import { renderHeader } from './parts/card-header.ts'
import type { Badge } from '../elements/badge.ts'
import { renderConfigNotices } from './parts/config-problems.ts'
import {
  connectionBadge,
  renderConnectionState,
  renderNoAccount,
  renderNotConfigured,
} from './parts/connection-state.ts'
import { renderCodeForm, renderLinkWarning } from './parts/link-panel.ts'
import { renderFailure } from '../elements/note.ts'
import { renderNumbersDialog } from './parts/numbers-dialog.ts'
import { renderSettings } from './parts/settings.ts'
import { cardActions } from './state/card-actions.ts'
import { accountIdOf } from './state/card-state.ts'
import { INITIAL_UI } from './state/card-ui.ts'
import type { CardUi } from './state/card-ui.ts'
import { LiveView } from './state/live-view.ts'
import { Ticker } from './state/ticker.ts'
import { cardStyles } from './styles/card-styles.ts'
import { controls } from '../elements/controls.ts'
import { elementStyles } from '../elements/element-styles.ts'
import { partStyles } from './styles/part-styles.ts'
import { tokens } from '../elements/tokens.ts'
import { words } from '../elements/words.ts'
import type { CardText, CardStrings } from './text/card-texts.ts'
import { HOSTED_ADVICE } from './text/hosted-advice.ts'
import type { CardToken, WhatsappCard } from './whatsapp-card.ts'

/** Failures that the part of the action shows itself, instead of the line under the status. */
const FAILURES_SHOWN_ELSEWHERE = /^(allow |reply |setNames$|setAllowFrom$|linkByCode$|change$|create$)/

/** The element `<whatsapp-card>`: keeps the connection, composes the parts, moves the focus and tells the page of changes. */
export class WhatsappCardElement extends LitElement implements WhatsappCard {
  static override properties = {
    url: {},
    token: { attribute: false },
    account: {},
    hosted: { type: Boolean },
    strings: { attribute: false },
  }

  static override styles = [tokens, controls, elementStyles, cardStyles, partStyles]

  declare url: string | null
  declare token: CardToken | null
  declare account: string | null
  declare hosted: boolean
  declare strings: CardStrings | null

  readonly #live = new LiveView(() => this.requestUpdate())
  #ui = INITIAL_UI
  /** The address and the token that the connection was opened with. */
  #opened: unknown[] | null = null
  /** The connection and the accounts that the page was last told of. */
  #published: unknown[] = []
  /** What had the focus when an action began. The action disables it, and a disabled control loses the focus. */
  #interrupted: HTMLElement | null = null

  constructor() {
    super()
    this.url = null
    this.token = null
    this.account = null
    this.hosted = false
    this.strings = null
    this.addController(this.#live)
    const hasCountdown = (): boolean => {
      const { accounts, offers, retryAt } = this.#live.state
      if (retryAt !== null) return true
      return (
        [...Object.values(offers), ...Object.values(accounts).filter((view) => view.nextAttemptAt)].length > 0
      )
    }
    this.addController(new Ticker(() => this.requestUpdate(), hasCountdown))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#opened = null
  }

  get #isConfigured(): boolean {
    return Boolean(this.url && this.token)
  }

  /** Not on the page: a property that is set then must not open a connection. */
  protected override shouldUpdate(): boolean {
    return this.isConnected
  }

  protected override willUpdate(): void {
    this.#connect()
    if (this.#live.busy === null) return
    const focused = this.shadowRoot?.activeElement
    if (focused instanceof HTMLElement) this.#interrupted ??= focused
  }

  protected override updated(): void {
    if (this.#live.busy === null) {
      if (document.activeElement === document.body) this.#interrupted?.focus()
      this.#interrupted = null
    }
    const dialog = this.renderRoot.querySelector('dialog')
    const { draft, focus } = this.#ui
    if (draft !== null && dialog?.open === false) dialog.showModal()
    if (draft === null) dialog?.close()
    if (focus !== null) {
      this.#ui = { ...this.#ui, focus: null }
      this.renderRoot.querySelector<HTMLElement>(focus)?.focus()
    }
    this.#publishChange()
  }

  #publishChange(): void {
    const { connection, accounts } = this.#live.state
    const [knownConnection, knownAccounts] = this.#published
    if (knownConnection === connection && knownAccounts === accounts) return
    this.#published = [connection, accounts]
    const init = { bubbles: true, composed: true }
    const detail = { connection, accounts: Object.values(accounts) }
    this.dispatchEvent(new CustomEvent('whatsapp-card-change', { ...init, detail }))
    if (connection === 'unauthorized' && knownConnection !== connection) {
      this.dispatchEvent(new Event('whatsapp-card-unauthorized', init))
    }
  }

  protected override render(): TemplateResult {
    const frame = this.#frame()
    const { state } = frame
    const id = accountIdOf(state, this.account, this.#ui.selected)
    const account = id === null || state.connection === 'unauthorized' ? undefined : state.accounts[id]
    const context = account === undefined ? null : frame.about(account)
    const isReady = state.connection === 'ready'
    return html`<article class="card" part="card" aria-labelledby="card-title">
      ${renderHeader(context === null ? null : accountName(context), this.#badge(frame, isReady ? context : null))}
      <div class="body" part="body">
        ${context === null || this.account !== null ? null : renderAccountList(context)}
        <div class="status" role="status" aria-live="polite">
          ${this.#isConfigured ? null : renderNotConfigured(frame)}
          ${this.#isConfigured && !isReady ? renderConnectionState(frame) : null}
          ${isReady && context !== null ? (context.shown.status ?? renderReasonAndAttempt)(context) : null}
          ${isReady && state.loaded && context === null ? renderNoAccount(frame) : null}
        </div>
        ${renderAttention(frame, context)} ${context === null ? null : this.#renderAccount(context)}
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
    const { tone, label } = context.shown
    const isWarning = tone === 'good' && context.settings?.hasAssistant === false
    return { tone: isWarning ? 'warning' : tone, label: frame.say(label) }
  }

  #frame(): CardFrame {
    const live = this.#live
    const { state } = live
    const locale = this.closest<HTMLElement>('[lang]')?.lang || undefined
    const frame: CardFrame = {
      say: words<CardText>(this.strings, this.hosted ? HOSTED_ADVICE : {}),
      hosted: this.hosted,
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
        shown: shownState(account),
        settings: state.config?.accounts[account.account] ?? null,
        actions: cardActions(live, account.account),
        isWritable: state.config?.configWrites === true && live.can('config.setAllowFrom'),
      }),
    }
    return frame
  }

  #renderAccount(context: CardContext): TemplateResult {
    const { shown, live, can, say, ui } = context
    const { help, panel, below } = shown
    const canLink = shown.actions.some(([action]) => action === 'link') && can('accounts.link')
    const { failed } = live
    return html`
      ${help === undefined ? null : html`<p class="small-print">${say(help)}</p>`}
      ${canLink ? renderLinkWarning(context) : null}
      ${failed === null || FAILURES_SHOWN_ELSEWHERE.test(failed.action) ? null : renderFailure(say, failed.error)}
      ${
        ui.choosingCode && (panel !== undefined || canLink)
          ? renderCodeForm(context)
          : (panel ?? renderAccountActions)(context)
      }
      ${below?.(context)} ${renderAllowedNumbers(context)} ${renderEnabledSwitch(context)}
      ${renderSettings(context)} ${renderConfigNotices(context, false)}
      ${this.account === null ? renderAddAccount(context) : null} ${renderNumbersDialog(context)}
    `
  }
}
