import { html } from 'lit'
import type { CSSResult, TemplateResult } from 'lit'
import './late-shared.ts'
import { shownState } from './account-states.ts'
import { accountName } from './parts/account-name.ts'
import { renderAccountActions } from './parts/account-actions.ts'
import { renderReasonAndAttempt } from './parts/account-status.ts'
import type { ACCOUNT_PARTS } from './account/account-parts.ts'
import type { CardContext, CardFrame } from './card-context.ts'
import { renderHeader } from './parts/card-header.ts'
import type { Badge } from '../elements/badge.ts'
import { DaemonElement } from '../elements/base/daemon-element.ts'
import { renderConfigProblems, renderQuietNotices, renderUrgentNotices } from './parts/config-problems.ts'
import {
  connectionBadge,
  renderConnectionState,
  renderNoAccount,
  renderNotConfigured,
} from './parts/connection-state.ts'
import { renderCodeForm, renderLinkWarning } from './parts/linking.ts'
import { renderFailure } from '../elements/note.ts'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import { withOwnTextSize } from '../elements/styles/own-text-size.ts'
import { PageLanguage } from '../elements/language/page-language.ts'
import { account as accountParts, LATE_PARTS, linking } from './late-parts.ts'
import { linkActions } from './state/link-actions.ts'
import { accountIdOf } from './state/card-state.ts'
import { INITIAL_UI } from './state/card-ui.ts'
import type { CardUi } from './state/card-ui.ts'
import { LiveView } from './state/live-view.ts'
import { Ticker } from './state/ticker.ts'
import { cardStyles } from './styles/card-styles.ts'
import { controls } from '../elements/styles/controls.ts'
import { KeyGuard } from '../elements/keyboard/key-guard.ts'
import { elementStyles } from '../elements/styles/element-styles.ts'
import { partStyles } from './styles/part-styles.ts'
import { tokens } from '../elements/styles/tokens.ts'
import { words } from '../elements/language/words.ts'
import type { CardText, CardStrings } from './text/card-texts.ts'
import { dataLocale } from './text/data-locale.ts'
import { secondsUntil } from './text/time.ts'
import { HOSTED_ADVICE } from './text/hosted-advice.ts'
import type { CardToken, WhatsappCard } from './whatsapp-card.ts'

/** Failures that the part of the action shows itself, instead of the line under the status. */
const FAILURES_SHOWN_ELSEWHERE =
  /^(allow |handBack |reply |setNames$|setAllowFrom$|linkByCode$|answerPasskey$|connectBusiness|change$|create$)/

/** What is drawn of them. */
type AccountPart = Extract<keyof typeof ACCOUNT_PARTS, `render${string}`>

/** The element `<whatsapp-card>`: keeps the connection, composes the parts, moves the focus and tells the page of changes. */
export class WhatsappCardElement extends DaemonElement implements WhatsappCard {
  static override properties = {
    url: {},
    token: { attribute: false },
    account: {},
    hosted: { type: Boolean },
    businessSignup: { type: Boolean, attribute: 'business-signup' },
    strings: { attribute: false },
  }

  static override styles = withOwnTextSize([tokens, controls, elementStyles, cardStyles, partStyles])

  declare url: string | null
  declare token: CardToken | null
  declare account: string | null
  declare hosted: boolean
  declare businessSignup: boolean
  declare strings: CardStrings | null

  readonly #live = new LiveView(() => this.requestUpdate())
  readonly #language = new PageLanguage(this, () => this.requestUpdate())
  readonly #focus = new FocusKeeper(this, () => this.#live.busy !== null)
  readonly #adopted = new Set<CSSResult>()
  #ui = INITIAL_UI
  /** The account that the card was last about. */
  #id: string | null = null
  /** The linked account that is shown. */
  #shown: string | null = null
  /** The address and the token that the connection was opened with. */
  #opened: unknown[] | null = null
  /** The connection and the accounts that the page was last told of. */
  #published: unknown[] = []

  constructor() {
    super()
    this.url = null
    this.token = null
    this.account = null
    this.hosted = false
    this.businessSignup = false
    this.strings = null
    this.addController(this.#live)
    this.addController(this.#language)
    this.addController(this.#focus)
    this.addController(new Ticker(() => this.requestUpdate(), this.#isCountingDown))
    this.addController(new KeyGuard(this))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#opened = null
  }

  get #isConfigured(): boolean {
    return Boolean(this.url && this.token)
  }

  protected override willUpdate(): void {
    this.#adoptStyles()
    this.#connect()
    this.#closeOfAnotherAccount()
    const { copied } = this.#ui
    if (copied !== null && Date.now() >= copied.untilMs) this.#ui = { ...this.#ui, copied: null }
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog')
    const { draft, focus } = this.#ui
    if (draft !== null && dialog?.open === false) dialog.showModal()
    if (draft === null) dialog?.close()
    if (focus !== null) {
      const target = this.renderRoot.querySelector<HTMLElement>(focus)
      // What an action disables for its time gets the focus after it.
      if (this.#live.busy === null || !target?.matches(':disabled')) this.#ui = { ...this.#ui, focus: null }
      target?.focus()
    }
    // Once more: the dialog may have been closed since.
    this.#focus.hostUpdated()
    this.#live.follow(this.#shown)
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
    this.#shown = account?.linked ? account.account : null
    const isReady = state.connection === 'ready'
    const { draw } = frame
    return html`<article class="card" part="card" aria-labelledby="card-title" lang=${frame.locale}>
      ${renderHeader(context === null ? null : accountName(context), this.#badge(frame, isReady ? context : null))}
      <div class="body" part="body">
        ${context === null || this.account !== null ? null : this.#drawLate(context, 'renderAccountList')}
        <div class="status" role="status" aria-live="polite">
          ${this.#isConfigured ? null : renderNotConfigured(frame)}
          ${this.#isConfigured && !isReady ? draw(renderConnectionState, frame) : null}
          ${isReady && context !== null ? draw(context.shown.status ?? renderReasonAndAttempt, context) : null}
          ${isReady && state.loaded && context === null ? renderNoAccount(frame) : null}
        </div>
        ${context === null ? null : html`${this.#drawLate(context, 'renderIdentity')} ${this.#drawLate(context, 'renderActivity')}`}
        ${draw(renderConfigProblems, frame)}
        ${context === null ? null : this.#drawLate(context, 'renderAccountAttention')}
        ${draw(renderUrgentNotices, frame)} ${context === null ? null : this.#renderAccount(context)}
      </div>
    </article>`
  }

  /** Opens, or reopens after the address or the token changed. */
  #connect(): void {
    const { url, token } = this
    if (this.#opened?.[0] === url && this.#opened[1] === token) return
    this.#opened = [url, token]
    this.#ui = INITIAL_UI
    this.#id = null
    void accountParts.load()
    if (url && token) this.#live.open(url, token)
    else this.#live.close()
  }

  /** What is open or typed is about the account that it was opened for: with another one it would be done to that. */
  #closeOfAnotherAccount(): void {
    const { selected, focus, draft } = this.#ui
    const id = accountIdOf(this.#live.state, this.account, selected)
    const isMoved = this.#id !== null && this.#id !== id
    this.#id = id
    // A list that could not be saved may come back later.
    if (!isMoved && (draft === null || draft.account === id)) return
    this.#ui = { ...INITIAL_UI, selected, focus }
    this.#live.clearFailure()
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
    const locale = dataLocale(this.strings, this.#language.tag, navigator.languages)
    const frame: CardFrame = {
      say: words<CardText>(this.strings, this.hosted ? HOSTED_ADVICE : {}, locale),
      hosted: this.hosted,
      businessSignup: this.businessSignup,
      state,
      ui: this.#ui,
      set: (change: Partial<CardUi>) => {
        this.#ui = { ...this.#ui, ...change }
        // The daemon's error was about what stood in the field.
        if (change.typed !== undefined) live.clearFailure()
        this.requestUpdate()
      },
      live,
      locale,
      disabled: live.busy !== null || state.connection !== 'ready',
      can: (method) => live.can(method),
      draw: (part, given) => this.guard.draw(part, given, this.broken),
      about: (account) => ({
        ...frame,
        account,
        shown: shownState(account),
        settings: state.config?.accounts[account.account] ?? null,
        actions: this.#actions(account.account),
        isWritable: state.config?.configWrites === true && live.can('config.setAllowFrom'),
      }),
    }
    return frame
  }

  #renderAccount(context: CardContext): TemplateResult {
    const { shown, live, can, say, ui, draw } = context
    const { help, panel, isShared } = shown
    const canLink = shown.actions.some(([action]) => action === 'link') && can('accounts.link')
    const { failed } = live
    if (canLink) void linking.load()
    return html`
      ${help === undefined ? null : html`<p class="small-print">${say(help)}</p>`}
      ${canLink ? renderLinkWarning(context) : null}
      ${failed === null || FAILURES_SHOWN_ELSEWHERE.test(failed.action) ? null : renderFailure(say, failed.error)}
      ${draw(
        ui.choosingCode && (panel !== undefined || canLink)
          ? renderCodeForm
          : (panel ?? renderAccountActions),
        context,
      )}
      ${this.#drawLate(context, 'renderBusiness')}
      ${isShared === true ? this.#drawLate(context, 'renderSharing') : null}
      ${this.#drawLate(context, 'renderAllowedNumbers')} ${this.#drawLate(context, 'renderEnabledSwitch')}
      ${this.#drawLate(context, 'renderSettings')} ${draw(renderQuietNotices, context)}
      ${this.account === null ? this.#drawLate(context, 'renderAddAccount') : null}
      ${this.#drawLate(context, 'renderNumbersDialog')}
    `
  }

  #actions(account: string): CardContext['actions'] {
    const edits = accountParts.loaded?.accountEdits(this.#live, account)
    // Whatever makes an edit is drawn by that part, or by one that waits for it.
    return { ...linkActions(this.#live, account), ...edits } as CardContext['actions']
  }

  /** A late part has styles of its own. */
  #adoptStyles(): void {
    for (const { styles } of LATE_PARTS) {
      if (styles === undefined || this.#adopted.has(styles)) continue
      this.#adopted.add(styles)
      const sheets = withOwnTextSize([styles]).flatMap(({ styleSheet }) => styleSheet ?? [])
      this.shadowRoot?.adoptedStyleSheets.push(...sheets)
    }
  }

  #drawLate(context: CardContext, part: AccountPart): TemplateResult | null {
    return accountParts.drawWhenLoaded(
      context,
      (parts) => context.draw(parts[part], context),
      part === 'renderAllowedNumbers',
    )
  }

  readonly #isCountingDown = (): boolean => {
    const { accounts, offers, retryAt, clockOffsetMs } = this.#live.state
    if (retryAt !== null || this.#ui.copied !== null) return true
    const ends = [
      ...Object.values(offers).map(({ expiresAt }) => expiresAt),
      ...Object.values(accounts).flatMap(({ nextAttemptAt, passkey }) => [
        nextAttemptAt ?? '',
        passkey?.expiresAt ?? '',
      ]),
    ]
    return ends.some((end) => secondsUntil(end, Date.now(), clockOffsetMs) > 0)
  }
}
