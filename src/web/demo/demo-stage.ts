import { LitElement, html, nothing } from 'lit'
import type { PropertyValues, TemplateResult } from 'lit'
import type { LinkOffer } from '../../protocol/account/account.ts'
import type { PhoneView, SimulatorState } from '../../protocol/demo-state.ts'
import { accountIdOf, isAllowed } from '../card/state/card-state.ts'
import { LiveView } from '../card/state/live-view.ts'
import { controls } from '../elements/styles/controls.ts'
import { demoProgress } from './demo-progress.ts'
import { simulatorApi, watchSimulator } from './simulator-api.ts'
import { stageStyles } from './stage-styles.ts'

const HOUR_MS = 3_600_000
const LEAP_HOURS = 24

/** The demo around the card (its content): what to do first, the owner's phone, and the phones of people who write. */
export class DemoStage extends LitElement {
  static override properties = {
    url: { type: String },
    token: { attribute: false },
    simulator: { state: true },
    selected: { state: true },
    leaping: { state: true },
    problem: { state: true },
  }

  static override styles = [controls, stageStyles]

  declare url: string
  declare token: string
  declare simulator: SimulatorState
  declare selected: string | null
  declare leaping: boolean
  declare problem: string
  readonly #live: LiveView
  #stopWatching: (() => void) | null = null

  constructor() {
    super()
    this.url = ''
    this.token = ''
    this.simulator = { phones: [], business: null }
    this.selected = null
    this.leaping = false
    this.problem = ''
    this.#live = new LiveView(() => this.requestUpdate())
    this.addController(this.#live)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stopWatching = watchSimulator((state) => (this.simulator = state))
    if (this.hasUpdated) this.#live.open(this.url, this.token)
  }

  override disconnectedCallback(): void {
    this.#stopWatching?.()
    super.disconnectedCallback()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url') || changed.has('token')) this.#live.open(this.url, this.token)
  }

  protected override render(): TemplateResult {
    const { state } = this.#live
    const [owner = null, ...contacts] = this.simulator.phones
    const id = accountIdOf(state, null)
    const offer = id === null ? undefined : state.offers[id]
    const account = id === null ? undefined : state.accounts[id]
    const { business } = this.simulator
    const progress = demoProgress({
      state: account?.state ?? null,
      owner,
      contacts,
      business,
    })
    const marks = { done: '✓', now: null, later: null }
    return html`<ol class="hints" aria-label="Try this">
        ${progress.map(
          ({ title, detail, status }, index) =>
            html`<li class=${status} aria-current=${status === 'now' ? 'step' : nothing}>
              <span class="mark" aria-hidden="true">${marks[status] ?? index + 1}</span>
              <span><strong>${title}</strong><small>${detail}</small></span>
              ${status === 'done' ? html`<span class="visually-hidden">(done)</span>` : nothing}
            </li>`,
        )}
      </ol>
      <slot></slot>
      <div class="phones">
        ${business === null ? this.#renderOwner(owner, offer) : html`<div class="contact">${this.#renderOwner(owner, offer)}${this.#renderClock(business.aheadMs)}</div>`}
        ${owner === null || contacts.length === 0 ? nothing : this.#renderContact(owner, contacts)}
      </div>`
  }

  #renderOwner(owner: PhoneView | null, offer: LinkOffer | undefined): TemplateResult {
    const isBusiness = this.simulator.business !== null
    return html`<simulated-phone
      .phone=${owner}
      .qr=${offer?.method === 'qr' ? offer.qr : null}
      .isBusinessApp=${isBusiness}
      caption="Owner's phone"
      note=${isBusiness ? 'with the WhatsApp Business app' : 'its account becomes the assistant'}
    ></simulated-phone>`
  }

  /** Messages can be written freely for 24 hours after a person's last one. */
  #renderClock(aheadMs: number): TemplateResult {
    const hours = Math.round(aheadMs / HOUR_MS)
    return html`<div class="people" role="group" aria-label="Clock">
      <button class="small" ?disabled=${this.leaping} @click=${this.#leap}>Let a day pass</button>
      <span role="status">${hours === 0 ? nothing : `The clock is ${hours} hours ahead.`}</span>
      ${this.problem === '' ? nothing : html`<span role="alert">${this.problem}</span>`}
    </div>`
  }

  readonly #leap = async (): Promise<void> => {
    this.leaping = true
    this.problem = ''
    try {
      await simulatorApi.leap(LEAP_HOURS)
    } catch (error) {
      this.problem = error instanceof Error ? error.message : 'That did not work.'
    } finally {
      this.leaping = false
    }
  }

  #renderContact(owner: PhoneView, contacts: PhoneView[]): TemplateResult {
    const selected = contacts.find(({ phoneNumber }) => phoneNumber === this.selected) ?? contacts[0]
    return html`<div class="contact">
      <simulated-phone
        .phone=${selected ?? null}
        .peer=${owner.phoneNumber}
        .peerName=${this.simulator.business === null ? 'Assistant' : owner.name}
        caption="${selected?.name ?? ''}'s phone"
        note=${this.#isAllowed(selected) ? 'on the list of allowed numbers' : 'not on the list of allowed numbers'}
      ></simulated-phone>
      <div class="people" role="group" aria-label="Whose phone">
        ${contacts.map(
          ({ phoneNumber, name }) =>
            html`<button
              class="small"
              aria-pressed=${phoneNumber === selected?.phoneNumber}
              @click=${() => (this.selected = phoneNumber)}
            >
              <bdi>${name}</bdi>
            </button>`,
        )}
      </div>
    </div>`
  }

  #isAllowed(phone: PhoneView | undefined): boolean {
    const { config } = this.#live.state
    const settings = config?.accounts[config.defaultAccount]
    return phone !== undefined && isAllowed(settings, phone.phoneNumber)
  }
}
