import { LitElement, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { FocusKeeper } from '../elements/focus-keeper.ts'
import { pageUrl } from './page-url.ts'
import { tokens } from '../elements/tokens.ts'
import { renderNoSession } from './no-session.ts'
import { pageStyles } from './page-styles.ts'
import { forgetSession, openSession } from './session.ts'
import type { SessionOutcome } from './session.ts'

/** The page at `/`: the card for people who opened it with a link, with simulated phones beside it in the demo. */
export class CardPage extends LitElement {
  static override properties = { demo: { type: Boolean }, outcome: { state: true } }

  static override styles = [tokens, pageStyles]

  declare demo: boolean
  declare outcome: SessionOutcome | null

  constructor() {
    super()
    this.demo = false
    this.outcome = null
    this.addController(new FocusKeeper(this))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    globalThis.addEventListener('hashchange', this.#openSession)
    this.#openSession()
  }

  override disconnectedCallback(): void {
    globalThis.removeEventListener('hashchange', this.#openSession)
    super.disconnectedCallback()
  }

  /** Also for a new link that is opened in the same tab: only the fragment changes then. */
  #openSession = (): void => {
    const fragmentWasRemoved = this.outcome !== null && !location.hash.includes('code=')
    if (!fragmentWasRemoved) this.#exchange()
  }

  #exchange = (): void => {
    void openSession(Date.now()).then((outcome) => (this.outcome = outcome))
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
    const card = html`<whatsapp-card
      .url=${url}
      .token=${token}
      @whatsapp-card-unauthorized=${this.#refused}
    ></whatsapp-card>`
    const title = html`<h1>WhatsApp of this sandbox</h1>
      ${outcome.isKept ? nothing : html`<p class="unkept">This browser keeps nothing for this page: after a reload it needs a fresh link (<code>whatsappd open</code>).</p>`}`
    if (!this.demo)
      return html`${title}
        <div class="single">${card}</div>`
    return html`${title}<whatsapp-demo .url=${url} .token=${token}>${card}</whatsapp-demo>`
  }
}
