import { LitElement, html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import { FocusKeeper } from '../elements/keyboard/focus-keeper.ts'
import type { ChatView } from '../../protocol/demo-state.ts'
import type { PhoneView } from '../../protocol/demo-state.ts'
import { controls } from '../elements/styles/controls.ts'
import type { AttachDetail } from './attach-menu.ts'
import type { ChooseDetail, VoteDetail, WriteDetail } from './chat-thread.ts'
import { renderChatList } from './chat-list.ts'
import { renderLinkedDevices } from './linked-devices.ts'
import { phoneStyles } from './phone-styles.ts'
import { simulatorApi } from './simulator-api.ts'

/**
 * One simulated phone of the demo. With `peer` it shows the chat with that number. Without `peer` it is the owner's phone:
 * linked devices, and all chats.
 */
export class SimulatedPhone extends LitElement {
  static override properties = {
    phone: { attribute: false },
    peer: { type: String },
    peerName: { type: String },
    caption: { type: String },
    note: { type: String },
    qr: { attribute: false },
    isBusinessApp: { type: Boolean },
    tab: { state: true },
    openChat: { state: true },
    busy: { state: true },
    error: { state: true },
    answer: { state: true },
  }

  static override styles = [controls, phoneStyles]

  declare phone: PhoneView | null
  declare peer: string | null
  /** What the other side of that chat is called. */
  declare peerName: string
  declare caption: string
  declare note: string
  /** The live QR that the phone's camera would see. */
  declare qr: string | null
  /** The owner's phone of a business number: chats with people alone. */
  declare isBusinessApp: boolean
  declare tab: 'devices' | 'chats'
  declare openChat: string | null
  declare busy: boolean
  declare error: string
  /** What was signed with the passkey, while the link that it is for goes on. */
  declare answer: string

  constructor() {
    super()
    this.phone = null
    this.peer = null
    this.peerName = 'Assistant'
    this.caption = ''
    this.note = ''
    this.qr = null
    this.isBusinessApp = false
    this.tab = 'devices'
    this.openChat = null
    this.busy = false
    this.error = ''
    this.answer = ''
    this.addController(new FocusKeeper(this, () => this.busy))
  }

  protected override willUpdate(): void {
    if (this.phone?.passkeyLink?.step !== 'asked') this.answer = ''
  }

  protected override render(): TemplateResult | typeof nothing {
    const { phone } = this
    if (phone === null) return nothing
    return html`<p class="caption">${this.caption}<span>${this.note}</span></p>
      <div class="phone" role="group" aria-label=${this.caption}>
        <div class="screen">
          ${this.peer === null ? this.#renderOwner(phone) : this.#renderChat(phone, this.peer)}
        </div>
      </div>`
  }

  #renderBusinessApp(phone: PhoneView): TemplateResult {
    if (this.openChat !== null) return this.#renderChat(phone, this.openChat)
    return html`${renderBar(phone.name, phone.phoneNumber)}
      <div class="content">
        ${
          phone.chats.length === 0
            ? html`<p class="note">Nobody has written to the business yet.</p>`
            : renderChatList(phone, (number) => (this.openChat = number), { hasSelf: false })
        }
      </div>`
  }

  #renderOwner(phone: PhoneView): TemplateResult {
    if (this.isBusinessApp) return this.#renderBusinessApp(phone)
    if (this.tab === 'chats' && this.openChat !== null) return this.#renderChat(phone, this.openChat)
    return html`${renderBar(phone.name, phone.phoneNumber)}
      <div class="content">
        ${this.error === '' ? nothing : html`<p class="error" role="alert">${this.error}</p>`}
        ${
          this.tab === 'devices'
            ? renderLinkedDevices({
                phone,
                qr: this.qr,
                busy: this.busy,
                scan: (qr) => void this.#run(() => simulatorApi.scan(phone.phoneNumber, qr)),
                enterCode: (code) => void this.#run(() => simulatorApi.enterCode(phone.phoneNumber, code)),
                remove: (deviceId) =>
                  void this.#run(() => simulatorApi.removeDevice(phone.phoneNumber, deviceId)),
                answer: this.answer,
                addPasskey: () => void this.#run(() => simulatorApi.addPasskey(phone.phoneNumber)),
                removePasskeys: () => void this.#run(() => simulatorApi.removePasskeys(phone.phoneNumber)),
                sign: () =>
                  void this.#run(async () => {
                    this.answer = await simulatorApi.signPasskey(phone.phoneNumber)
                  }),
              })
            : renderChatList(phone, (number) => (this.openChat = number))
        }
      </div>
      <div class="tabs" role="group" aria-label="Screens of the phone">
        ${this.#renderTab('devices', 'Linked devices')} ${this.#renderTab('chats', 'Chats')}
      </div>`
  }

  #renderTab(tab: 'devices' | 'chats', label: string): TemplateResult {
    return html`<button aria-pressed=${this.tab === tab} @click=${() => this.#showTab(tab)}>${label}</button>`
  }

  #renderChat(phone: PhoneView, peer: string): TemplateResult {
    const chat: ChatView | null = phone.chats.find((each) => each.with === peer) ?? null
    const isSelf = peer === phone.phoneNumber
    const title = isSelf ? 'Message yourself' : this.peer === null ? (chat?.name ?? peer) : this.peerName
    const back = this.peer === null ? () => (this.openChat = null) : null
    return html`${renderBar(title, peer, back)}
      ${this.error === '' ? nothing : html`<p class="error" role="alert">${this.error}</p>`}
      <simulated-chat
        .chat=${chat}
        .person=${phone.name}
        .empty=${
          isSelf
            ? 'Notes to yourself. The assistant answers here when this number is allowed.'
            : this.isBusinessApp
              ? 'What is written here is not answered by the assistant.'
              : `Write to the assistant as ${phone.name}.`
        }
        .disabled=${this.busy}
        .cannotAttach=${this.isBusinessApp}
        @choose=${(event: CustomEvent<ChooseDetail>) =>
          this.#run(() => simulatorApi.choose(phone.phoneNumber, event.detail))}
        @share-number=${() => this.#run(() => simulatorApi.shareNumber(phone.phoneNumber))}
        @write=${(event: CustomEvent<WriteDetail>) =>
          this.#run(() => simulatorApi.write(phone.phoneNumber, peer, event.detail.text))}
        @vote=${(event: CustomEvent<VoteDetail>) =>
          this.#run(() => simulatorApi.vote(phone.phoneNumber, event.detail))}
        @attach=${(event: CustomEvent<AttachDetail>) =>
          this.#run(() => simulatorApi.attach(phone.phoneNumber, peer, event.detail))}
      ></simulated-chat>`
  }

  #showTab(tab: 'devices' | 'chats'): void {
    this.tab = tab
    this.openChat = null
    this.error = ''
  }

  async #run(work: () => Promise<unknown>): Promise<void> {
    this.busy = true
    this.error = ''
    try {
      await work()
    } catch (error) {
      this.error = error instanceof Error ? error.message : 'That did not work.'
    } finally {
      this.busy = false
    }
  }
}

function renderBar(name: string, number: string, back: (() => void) | null = null): TemplateResult {
  return html`<div class="bar">
    ${back === null ? nothing : html`<button aria-label="Back to the chats" @click=${back}>‹</button>`}
    <span class="avatar" aria-hidden="true">${name.slice(0, 1)}</span>
    <span class="who"
      ><strong><bdi>${name}</bdi></strong
      ><small class="number">${number}</small></span
    >
  </div>`
}
