import { LitElement, html, render } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import '../elements/shared.ts'
import { shownState } from './account-states.ts'
import { accountName, renderAccountList } from './parts/account-list.ts'
import { renderAccountActions, renderEnabledSwitch } from './parts/account-actions.ts'
import { renderReasonAndAttempt } from './parts/account-status.ts'
import { renderActivity } from './parts/activity.ts'
import { renderIdentity } from './parts/identity.ts'
import { renderAddAccount } from './parts/add-account.ts'
import { renderAllowedNumbers } from './parts/allowed-numbers.ts'
import { renderAttention } from './parts/attention.ts'
import type { CardContext, CardFrame } from './card-context.ts'
import { renderHeader } from './parts/card-header.ts'
import type { Badge } from '../elements/badge.ts'
import { renderQuietNotices } from './parts/config-problems.ts'
import {
  connectionBadge,
  renderConnectionState,
  renderNoAccount,
  renderNotConfigured,
} from './parts/connection-state.ts'
import { renderCodeForm, renderLinkWarning } from './parts/linking.ts'
import { renderFailure, renderNote } from '../elements/note.ts'
import { FocusKeeper } from '../elements/focus-keeper.ts'
import { withOwnTextSize } from '../elements/own-text-size.ts'
import { PageLanguage } from '../elements/page-language.ts'
import { ViewGuard } from '../elements/view-guard.ts'
import { linking } from './late-parts.ts'
import { renderNumbersDialog } from './parts/numbers-dialog.ts'
import { renderSettings } from './parts/folded.ts'
import { cardActions } from './state/card-actions.ts'
import { accountIdOf } from './state/card-state.ts'
import { INITIAL_UI } from './state/card-ui.ts'
import type { CardUi } from './state/card-ui.ts'
import { LiveView } from './state/live-view.ts'
import { Ticker } from './state/ticker.ts'
import { cardStyles } from './styles/card-styles.ts'
import { controls } from '../elements/controls.ts'
import { KeyGuard } from '../elements/key-guard.ts'
import { elementStyles } from '../elements/element-styles.ts'
import { partStyles } from './styles/part-styles.ts'
import { passkeyStyles } from './styles/passkey-styles.ts'
import { tokens } from '../elements/tokens.ts'
import { words } from '../elements/words.ts'
import type { Words } from '../elements/words.ts'
import type { CardText, CardStrings } from './text/card-texts.ts'
import { dataLocale } from './text/data-locale.ts'
import { secondsUntil } from './text/time.ts'
import { HOSTED_ADVICE } from './text/hosted-advice.ts'
import type { CardToken, WhatsappCard } from './whatsapp-card.ts'

/** Failures that the part of the action shows itself, instead of the line under the status. */
const FAILURES_SHOWN_ELSEWHERE =
  /^(allow |reply |setNames$|setAllowFrom$|linkByCode$|answerPasskey$|change$|create$)/

/** The element `<whatsapp-card>`: keeps the connection, composes the parts, moves the focus and tells the page of changes. */
export class WhatsappCardElement extends LitElement implements WhatsappCard {
  static override properties = {
    url: {},
    token: { attribute: false },
    account: {},
    hosted: { type: Boolean },
    strings: { attribute: false },
  }

  static override styles = withOwnTextSize([
    tokens,
    controls,
    elementStyles,
    cardStyles,
    partStyles,
    passkeyStyles,
  ])

  declare url: string | null
  declare token: CardToken | null
  declare account: string | null
  declare hosted: boolean
  declare strings: CardStrings | null

  readonly #live = new LiveView(() => this.requestUpdate())
  readonly #language = new PageLanguage(this, () => this.requestUpdate())
  readonly #guard = new ViewGuard()
  readonly #focus = new FocusKeeper(this, () => this.#live.busy !== null)
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
    this.strings = null
    this.addController(this.#live)
    this.addController(this.#language)
    this.addController(this.#focus)
    this.addController(new Ticker(() => this.requestUpdate(), this.#isCountingDown))
    this.addController(new KeyGuard(this))
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'token']
  }

  /** What frameworks write where they cannot set a property: React and Svelte on a server, Svelte before the element is defined. */
  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (name !== 'token') super.attributeChangedCallback(name, old, value)
    else if (value !== null) {
      this.removeAttribute(name)
      console.error(
        '<whatsapp-card>: "token" is a property, set by a script. As an attribute, which page sources and error reports show, it is not used.',
      )
    }
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
    this.#closeOfAnotherAccount()
    const { copied } = this.#ui
    if (copied !== null && Date.now() >= copied.untilMs) this.#ui = { ...this.#ui, copied: null }
  }

  /** Whatever draws the card may throw: the next state draws it anew. */
  protected override update(changed: PropertyValues<this>): void {
    this.#guard.draw(this.#draw, changed, () => this.#renderAnew())
  }

  readonly #draw = (changed: PropertyValues<this>): void => super.update(changed)

  /** From an empty root, because what is in it may be half drawn, or changed by a script of the page. */
  #renderAnew(): void {
    this.renderRoot.replaceChildren()
    // Where Lit keeps what it has drawn.
    Reflect.deleteProperty(this.renderRoot, '_$litPart$')
    render(renderBroken(words(this.strings)), this.renderRoot)
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
        ${context === null || this.account !== null ? null : draw(renderAccountList, context)}
        <div class="status" role="status" aria-live="polite">
          ${this.#isConfigured ? null : renderNotConfigured(frame)}
          ${this.#isConfigured && !isReady ? draw(renderConnectionState, frame) : null}
          ${isReady && context !== null ? draw(context.shown.status ?? renderReasonAndAttempt, context) : null}
          ${isReady && state.loaded && context === null ? renderNoAccount(frame) : null}
        </div>
        ${context === null ? null : html`${draw(renderIdentity, context)} ${draw(renderActivity, context)}`}
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
    this.#id = null
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
      draw: (part, given) => this.#guard.draw(part, given, () => renderBroken(frame.say)),
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
    const { shown, live, can, say, ui, draw } = context
    const { help, panel, below } = shown
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
      ${below === undefined ? null : draw(below, context)} ${draw(renderAllowedNumbers, context)}
      ${draw(renderEnabledSwitch, context)} ${draw(renderSettings, context)}
      ${draw(renderQuietNotices, context)} ${this.account === null ? draw(renderAddAccount, context) : null}
      ${draw(renderNumbersDialog, context)}
    `
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

function renderBroken(say: Words<CardText>): TemplateResult {
  return renderNote(
    'bad',
    say('This part cannot be shown.'),
    say('Reload the page. If that does not help, tell the people who run it.'),
  )
}
