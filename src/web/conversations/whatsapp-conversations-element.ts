import { html } from 'lit'
import type { TemplateResult } from 'lit'
import '../elements/shared.ts'
import '../card/late-shared.ts'
import type { WhatsappdClient } from '../../client/client.ts'
import type { AccountView } from '../../protocol/account/account.ts'
import type { MessageView } from '../../protocol/conversations/message-view.ts'
import { accountIdOf } from '../card/state/card-state.ts'
import { LiveView } from '../card/state/live-view.ts'
import { pairingDecisions } from '../card/state/pairing-decisions.ts'
import { Ticker } from '../card/state/ticker.ts'
import { dataLocale } from '../card/text/data-locale.ts'
import { HOSTED_ADVICE } from '../card/text/hosted-advice.ts'
import type { CardToken } from '../card/whatsapp-card.ts'
import { DaemonElement } from '../elements/base/daemon-element.ts'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import { KeyGuard } from '../elements/keyboard/key-guard.ts'
import { PageLanguage } from '../elements/language/page-language.ts'
import { words } from '../elements/language/words.ts'
import type { ConversationsFrame, ThreadFrame } from './conversations-frame.ts'
import { renderAccountChoice } from './parts/account-choice.ts'
import { renderListPane } from './parts/list-pane.ts'
import { renderNotices } from './parts/notices.ts'
import { renderNoThread, renderThreadPane } from './parts/thread-pane.ts'
import { conversationActions } from './state/conversation-actions.ts'
import { INITIAL_CONVERSATIONS_UI } from './state/conversations-ui.ts'
import type { ConversationsUi } from './state/conversations-ui.ts'
import { FilesInSight } from './state/files-in-sight.ts'
import { fitToText } from './state/fit-to-text.ts'
import { ListScroll } from './state/list-scroll.ts'
import { LiveConversations } from './state/live-conversations.ts'
import { replyWindow } from './state/reply-window.ts'
import { withMerged, withoutConversation } from './state/ui-of-conversation.ts'
import { ThreadScroll } from './state/thread-scroll.ts'
import { WindowClock } from './state/window-clock.ts'
import { conversationsStyles } from './styles/conversations-styles.ts'
import { announcement } from './text/announcement.ts'
import type { ConversationsStrings, ConversationsText } from './text/conversations-texts.ts'
import type { WhatsappConversations } from './whatsapp-conversations.ts'

/** How exactly the time is shown until the assistant goes on. */
const PAUSE_TICK_MS = 15_000

/** The element `<whatsapp-conversations>`: keeps the connection, composes the parts, moves the focus and the scroll positions. */
export class WhatsappConversationsElement extends DaemonElement implements WhatsappConversations {
  static override properties = {
    url: {},
    token: { attribute: false },
    account: {},
    conversation: {},
    hosted: { type: Boolean },
    strings: { attribute: false },
  }

  static override styles = conversationsStyles

  declare url: string | null
  declare token: CardToken | null
  declare account: string | null
  declare conversation: string | null
  declare hosted: boolean
  declare strings: ConversationsStrings | null

  readonly #redraw = (): void => this.requestUpdate()
  readonly #conversations = new LiveConversations({
    redraw: this.#redraw,
    received: (message) => this.#received(message),
    merged: (formerId, id) => this.#merged(formerId, id),
    gone: (id) => this.#gone(id),
  })
  readonly #live = new LiveView(this.#redraw, (client) => this.#attach(client))
  readonly #language = new PageLanguage(this, this.#redraw)
  readonly #focus = new FocusKeeper(this, () => this.#live.busy !== null)
  #list: ListScroll | null = null
  #thread: ThreadScroll | null = null
  readonly #files = new FilesInSight((mediaId) => void this.#conversations.shown?.media.load(mediaId))
  #ui: ConversationsUi = INITIAL_CONVERSATIONS_UI
  /** The address and the token that the connection was opened with. */
  #opened: unknown[] | null = null
  /** The conversation that the page named last, which is opened once. */
  #named: string | null = null
  /** The account that is shown. */
  #account: string | undefined
  #newMessages = 0
  /** What a screen reader is told. */
  #announcement = ''
  #wasUnauthorized = false

  constructor() {
    super()
    this.url = null
    this.token = null
    this.account = null
    this.conversation = null
    this.hosted = false
    this.strings = null
    this.addController(this.#live)
    this.addController(this.#language)
    this.addController(this.#focus)
    this.addController(new Ticker(this.#redraw, () => this.#live.state.retryAt !== null))
    this.addController(new Ticker(this.#redraw, () => this.#isPaused, PAUSE_TICK_MS))
    this.addController(new WindowClock(this.#redraw, () => this.#windowLeftMs))
    this.addController(new KeyGuard(this))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    globalThis.addEventListener('focus', this.#redraw)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    globalThis.removeEventListener('focus', this.#redraw)
    this.#list?.stop()
    this.#thread?.stop()
    this.#files.stop()
    this.#opened = null
  }

  get #isPaused(): boolean {
    const until = this.#conversations.opened?.assistant.until ?? null
    return until !== null && Date.parse(until) > this.#nowMs
  }

  /** How long free texts can still be sent in the open conversation; `null` where nothing says when that ends. */
  get #windowLeftMs(): number | null {
    const { opened } = this.#conversations
    const window = opened === null ? null : replyWindow(opened, this.#nowMs)
    return window?.isOpen === true && window.untilMs !== null ? window.untilMs - this.#nowMs : null
  }

  /** By the daemon's clock. */
  get #nowMs(): number {
    return Date.now() + this.#live.state.clockOffsetMs
  }

  protected override willUpdate(): void {
    const { url, token } = this
    if (this.#opened?.[0] !== url || this.#opened?.[1] !== token) {
      this.#opened = [url, token]
      this.#ui = INITIAL_CONVERSATIONS_UI
      this.#named = null
      if (url && token) this.#live.open(url, token)
      else this.#live.close()
    }
    const account = this.#accountView()
    if (account?.account !== this.#account) {
      this.#account = account?.account
      // What is open or typed is about the conversations of the account before.
      this.#ui = { ...INITIAL_CONVERSATIONS_UI, account: this.#ui.account }
    }
    this.#conversations.show(account?.account ?? null)
    if (this.conversation !== this.#named && this.#conversations.shown !== null) {
      this.#named = this.conversation
      this.#show(this.conversation)
    }
    this.#list ??= new ListScroll(this.#redraw)
    this.#thread ??= new ThreadScroll({
      nearStart: () => void this.#conversations.thread?.loadOlder(),
      nearEnd: () => void this.#conversations.thread?.loadNewer(),
      endChanged: this.#redraw,
    })
    const rows = this.#conversations.shown?.list.rows
    if (rows !== undefined) this.#list.willDraw(rows)
    this.#thread.willDraw()
    if (this.#isAtEnd) this.#newMessages = 0
  }

  protected override updated(): void {
    const find = (selector: string): HTMLElement | null =>
      this.renderRoot.querySelector<HTMLElement>(selector)
    this.#list?.hasDrawn(find('#rows'))
    this.#thread?.hasDrawn(
      find('#messages'),
      this.#conversations.thread?.conversation ?? null,
      this.#conversations.thread?.loading === 'all',
    )
    this.#files.follow(this.renderRoot)
    fitToText(find('#reply'))
    const { focus } = this.#ui
    if (focus !== null) {
      const field = find(focus)
      // Where nothing can be written the name of the person gets the focus.
      const target = focus === '#reply' && field?.matches(':enabled') !== true ? find('#thread-title') : field
      // What an action disables for its time gets the focus after it.
      if (this.#live.busy === null || !target?.matches(':disabled')) this.#ui = { ...this.#ui, focus: null }
      target?.focus({ preventScroll: target.matches('.message') && this.#isAtEnd })
      // Of a panel all comes into sight, with the button at its end.
      target?.closest('.template')?.scrollIntoView({ block: 'nearest' })
      this.#focus.hostUpdated()
    }
    if (this.#isAtEnd && document.visibilityState === 'visible' && document.hasFocus())
      this.#conversations.seen()
    this.#tellUnauthorized()
  }

  #tellUnauthorized(): void {
    const isUnauthorized = this.#live.state.connection === 'unauthorized'
    if (isUnauthorized && !this.#wasUnauthorized)
      this.dispatchEvent(new Event('whatsapp-conversations-unauthorized', { bubbles: true, composed: true }))
    this.#wasUnauthorized = isUnauthorized
  }

  protected override render(): TemplateResult {
    const { url, token } = this
    const locale = dataLocale(this.strings, this.#language.tag, navigator.languages)
    const say = words<ConversationsText>(this.strings, this.hosted ? HOSTED_ADVICE : {}, locale)
    const live = this.#live
    const { state } = live
    const { connection } = state
    const isReady = connection === 'ready'
    const { hosted } = this
    const account = this.#accountView()
    const shown = this.#conversations.shown
    const frame: ConversationsFrame | null =
      account === undefined || shown === null || connection === 'unauthorized'
        ? null
        : {
            say,
            hosted,
            state,
            ui: this.#ui,
            set: (change: Partial<ConversationsUi>) => this.#set(change),
            live,
            conversations: this.#conversations,
            account,
            shown,
            actions: pairingDecisions(live, account.account),
            locale,
            disabled: live.busy !== null || !isReady,
            can: (method) => live.can(method),
            nowMs: this.#nowMs,
            viewport: this.#list?.viewport ?? { scrollTop: 0, height: 0, rowHeight: 0 },
            open: (conversationId, messageId) => this.#open(conversationId, messageId),
            revealRow: (row) => this.#list?.reveal(row),
          }
    const isOpen = this.#conversations.thread !== null
    const mayRead = live.can('conversations.list')
    return html`<article
      class="inbox ${isOpen ? 'opened' : ''}"
      part="conversations"
      aria-labelledby="inbox-title"
      lang=${locale}
    >
      <h2 id="inbox-title" class="visually-hidden">${say('Conversations')}</h2>
      ${renderNotices({
        say,
        hosted,
        locale,
        live,
        isConfigured: Boolean(url && token),
        hasAccount: frame !== null,
      })}
      ${frame === null || (isReady && !mayRead) ? null : this.#renderPanes(frame)}
      <div class="visually-hidden" role="status" aria-live="polite">${this.#announcement}</div>
    </article>`
  }

  #renderPanes(frame: ConversationsFrame): TemplateResult {
    const thread = this.#threadFrame(frame)
    return html`<div class="panes">
      <div class="list-side">
        ${this.account === null ? renderAccountChoice(frame) : null}
        ${this.guard.draw(renderListPane, frame, this.broken)}
      </div>
      ${thread === null ? renderNoThread(frame) : this.guard.draw(renderThreadPane, thread, this.broken)}
    </div>`
  }

  #threadFrame(frame: ConversationsFrame): ThreadFrame | null {
    const { thread, opened } = this.#conversations
    if (thread === null || opened === null) return null
    return {
      ...frame,
      view: opened,
      thread,
      chat: conversationActions(this.#live, frame.account.account, thread.conversation),
      newMessages: this.#newMessages,
      back: () => {
        const list = this.renderRoot.querySelector('.list-side')
        if (list?.checkVisibility() === true) this.#set({ focus: this.#listSelector, actionsOf: null })
        else this.#open(null)
      },
      jumpToEnd: () => {
        this.#thread?.goTo(null)
        if (!thread.isLive) void thread.load()
        this.requestUpdate()
      },
    }
  }

  get #listSelector(): string {
    return this.#ui.query === '' ? '#rows' : '#hits'
  }

  get #isAtEnd(): boolean {
    return this.#thread?.isAtEnd === true && this.#conversations.thread?.isLive === true
  }

  #accountView(): AccountView | undefined {
    const { state } = this.#live
    const id = accountIdOf(state, this.account, this.#ui.account)
    return id === null ? undefined : state.accounts[id]
  }

  #attach(client: WhatsappdClient | null): void {
    const { url, token } = this
    this.#conversations.attach(client, url && token ? { url, token } : null)
  }

  #set(change: Partial<ConversationsUi>): void {
    this.#ui = { ...this.#ui, ...change }
    if (change.typed !== undefined) this.#live.clearFailure()
    this.requestUpdate()
  }

  #open(conversationId: string | null, messageId?: string): void {
    const before = this.#show(conversationId, messageId)
    const isTouched = globalThis.matchMedia('(pointer: coarse)').matches
    const field = isTouched ? '#thread-title' : '#reply'
    this.#set({ focus: conversationId === null ? this.#listSelector : field })
    if (conversationId === before) return
    const detail = { account: this.#account ?? null, conversationId }
    const init = { bubbles: true, composed: true, detail }
    this.dispatchEvent(new CustomEvent('whatsapp-conversations-open', init))
  }

  /** Shows a conversation; answers with the one that was shown before. */
  #show(conversationId: string | null, messageId?: string): string | null {
    const { thread } = this.#conversations
    const before = thread?.conversation ?? null
    const isThere =
      conversationId === before &&
      messageId !== undefined &&
      thread?.messages.some((message) => message.messageId === messageId) === true
    if (!isThere && (conversationId !== before || messageId !== undefined))
      this.#conversations.open(conversationId, messageId)
    this.#thread?.goTo(messageId ?? null)
    this.#newMessages = 0
    this.#announcement = ''
    this.#set({
      actionsOf: null,
      asking: null,
      template: null,
      showsDetails: conversationId === before && this.#ui.showsDetails,
      activeMessage: messageId ?? null,
      activeRow: conversationId ?? before,
    })
    return before
  }

  #merged(formerId: string, conversationId: string): void {
    this.#set(withMerged(this.#ui, formerId, conversationId))
    if (this.#conversations.thread?.conversation === formerId) this.#show(conversationId)
  }

  #gone(conversationId: string): void {
    this.#set(withoutConversation(this.#ui, conversationId))
    if (this.#conversations.thread?.conversation !== conversationId) return
    const hasFocus = this.shadowRoot?.activeElement != null || this.#live.busy === 'forget'
    this.#open(null)
    // A page in which somebody types elsewhere keeps its focus.
    if (!hasFocus) this.#set({ focus: null })
  }

  /** A person has written in the open conversation. */
  #received(message: MessageView): void {
    const { opened } = this.#conversations
    if (!this.#isAtEnd) this.#newMessages += 1
    if (opened === null) return
    this.#announcement = announcement(words<ConversationsText>(this.strings), opened, message)
  }
}
