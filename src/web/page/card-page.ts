import { LitElement, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import { pageUrl } from './page-url.ts'
import { tokens } from '../elements/styles/tokens.ts'
import { renderNoSession } from './no-session.ts'
import { renderPageTabs } from './page-tabs.ts'
import type { PageTab } from './page-tabs.ts'
import { pageStyles } from './page-styles.ts'
import { forgetSession, openSession } from './session.ts'
import type { SessionOutcome } from './session.ts'

const CONVERSATIONS_HASH = '#conversations'

/**
 * The page at `/`: the card and the conversations, one of them at a time, for people who opened it with a link; with simulated phones
 * beside it in the demo. The script of the conversations is loaded when they are first chosen.
 */
export class CardPage extends LitElement {
  static override properties = { demo: { type: Boolean }, outcome: { state: true }, tab: { state: true } }

  static override styles = [tokens, pageStyles]

  declare demo: boolean
  declare outcome: SessionOutcome | null
  declare tab: PageTab

  constructor() {
    super()
    this.demo = false
    this.outcome = null
    this.tab = 'account'
    this.addController(new FocusKeeper(this))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    globalThis.addEventListener('hashchange', this.#followAddress)
    this.#followAddress()
  }

  override disconnectedCallback(): void {
    globalThis.removeEventListener('hashchange', this.#followAddress)
    super.disconnectedCallback()
  }

  /** Also for a new link that is opened in the same tab: only the fragment changes then. */
  #followAddress = (): void => {
    if (location.hash === CONVERSATIONS_HASH) this.#choose('conversations')
    const fragmentWasRemoved = this.outcome !== null && !location.hash.includes('code=')
    if (!fragmentWasRemoved) this.#exchange()
  }

  #exchange = (): void => {
    void openSession(Date.now()).then((outcome) => (this.outcome = outcome))
  }

  #choose = (tab: PageTab): void => {
    this.tab = tab
    const hash = tab === 'conversations' ? CONVERSATIONS_HASH : ''
    history.replaceState(null, '', `${location.pathname}${location.search}${hash}`)
    if (tab === 'conversations') void import('../conversations/index.ts')
  }

  #refused = (): void => {
    forgetSession()
    this.outcome = { reason: 'session_expired' }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { outcome } = this
    if (outcome === null) return nothing
    if ('reason' in outcome) return renderNoSession(outcome.reason, this.#exchange)
    const { token } = outcome.session
    const url = pageUrl('v1/ws').replace(/^http/, 'ws')
    const shown =
      this.tab === 'account'
        ? html`<whatsapp-card
            .url=${url}
            .token=${token}
            @whatsapp-card-unauthorized=${this.#refused}
          ></whatsapp-card>`
        : html`<whatsapp-conversations
            .url=${url}
            .token=${token}
            @whatsapp-conversations-unauthorized=${this.#refused}
          ></whatsapp-conversations>`
    const content = html`<div class="shown ${this.tab}">
      ${renderPageTabs(this.tab, this.#choose)}
      <div id="shown" role="tabpanel" aria-labelledby="tab-${this.tab}">${shown}</div>
    </div>`
    const title = html`<h1>WhatsApp of this sandbox</h1>
      ${outcome.isKept ? nothing : html`<p class="unkept">This browser keeps nothing for this page: after a reload it needs a fresh link (<code>whatsappd open</code>).</p>`}`
    if (!this.demo) return html`${title}${content}`
    return html`${title}<whatsapp-demo .url=${url} .token=${token}>${content}</whatsapp-demo>`
  }
}
