import type { proto } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from '../server/account.ts'
import type { Device } from '../server/account.ts'
import { deviceJid, envelope } from '../server/envelope.ts'
import { deviceSentMessage, encodeMessage, withheldPart } from './message-content.ts'
import type { Network } from '../server/network.ts'
import { seconds } from '../server/environment.ts'
import type { SentMessage } from './records.ts'
import { stanzaKind } from './stanza-kind.ts'
import type { SignalSessions } from '../signal/signal-sessions.ts'
import { type Stanza, stanza } from '../wire/stanza.ts'

const REMEMBERED_MESSAGES = 2000
const MOST_RETRIES = 5

interface Remembered {
  recipient: Account
  mode: AddressingMode
  message: proto.IMessage
  attributes: Readonly<Record<string, string>>
}

/** Sends a phone's messages: each is encrypted for every device of both sides, and again for a device that asks. */
export class PhoneOutbox {
  readonly #sender: Device
  readonly #network: Network
  readonly #sessions: SignalSessions
  readonly #sent = new Map<string, Remembered>()

  constructor(o: { sender: Device; network: Network; sessions: SignalSessions }) {
    this.#sender = o.sender
    this.#network = o.network
    this.#sessions = o.sessions
  }

  /** Encrypts and hands over a message. `attributes` replace those of the stanza, for servers with other habits. */
  async send(
    id: string,
    recipient: Account,
    wanted: AddressingMode,
    message: proto.IMessage,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<Pick<SentMessage, 'id' | 'mode' | 'at' | 'message'>> {
    const mode = this.#modeWith(recipient, wanted)
    const remembered = { recipient, mode, message, attributes }
    this.#remember(id, remembered)
    for (const companion of recipient.companions)
      this.#network.privacyTokens.issue(this.#sender.account, companion)
    for (const device of new Set([...recipient.devices, ...this.#sender.account.companions])) {
      if (device !== this.#sender) await this.#sendTo(device, id, remembered)
    }
    return { id, mode, at: this.#network.now(), message }
  }

  /** Sends a message again, under its id and with a new session, to a device that could not read it. */
  async resend(id: string, device: Device, attempt: number): Promise<void> {
    const remembered = this.#sent.get(id)
    if (remembered === undefined || attempt > MOST_RETRIES) return
    await this.#sessions.renew(device)
    await this.#sendTo(device, id, remembered, attempt)
  }

  async #sendTo(device: Device, id: string, remembered: Remembered, attempt?: number): Promise<void> {
    const { recipient, mode, message, attributes } = remembered
    const isOwn = device.account === this.#sender.account
    const chatJid = recipient.deviceJid(mode)
    const withheld = withheldPart(message, device)
    const plaintext = encodeMessage(isOwn ? deviceSentMessage(chatJid, message) : message)
    const { type: kind, edit, mediatype } = stanzaKind(message)
    const count = attempt === undefined ? undefined : String(attempt)
    const content = withheld ?? (await this.#seal(device, plaintext, { count, mediatype }))
    device.deliver(
      envelope({
        id,
        type: kind,
        timestamp: seconds(this.#network),
        mode,
        sender: this.#sender,
        senderName: this.#sender.name,
        recipient: device,
        chat: { jid: chatJid, alternate: recipient.alternateJid(mode) },
        content: [content],
        attributes: { edit, ...attributes },
      }),
    )
  }

  async #seal(
    device: Device,
    plaintext: Uint8Array,
    attributes: Readonly<Record<string, string | undefined>>,
  ): Promise<Stanza> {
    const { type, body } = await this.#sessions.encrypt(device, plaintext)
    return stanza('enc', { v: '2', type, ...attributes }, body)
  }

  /** Hands a message to one linked client of the same account: between devices, and not part of any chat. */
  async sendPeer(device: Device, id: string, message: proto.IMessage): Promise<void> {
    const { type, body } = await this.#sessions.encrypt(device, encodeMessage(message))
    device.deliver(
      envelope({
        id,
        type: 'text',
        timestamp: seconds(this.#network),
        mode: 'pn',
        sender: this.#sender,
        senderName: this.#sender.name,
        recipient: device,
        chat: undefined,
        content: [stanza('enc', { v: '2', type }, body)],
        attributes: { category: 'peer' },
      }),
    )
  }

  /** A receipt, to all devices of the other side. */
  receipt(to: Account, mode: AddressingMode, attributes: Readonly<Record<string, string>>): void {
    const from = deviceJid(this.#sender, this.#modeWith(to, mode))
    const notice = stanza('receipt', { from, t: seconds(this.#network), ...attributes })
    for (const device of to.devices) if (device !== this.#sender) device.deliver(notice)
  }

  /** What a person reads on the phone, to the clients that it has linked: their chat lists follow. */
  ownRead(author: Account, mode: AddressingMode, id: string): void {
    const { account } = this.#sender
    const attributes = {
      from: deviceJid(this.#sender, account.modeFor(mode)),
      recipient: author.deviceJid(author.modeFor(mode)),
      id,
      type: 'read',
      t: seconds(this.#network),
    }
    for (const companion of account.companions) companion.deliver(stanza('receipt', attributes))
  }

  typing(to: Account, mode: AddressingMode, isTyping: boolean): void {
    const from = deviceJid(this.#sender, this.#modeWith(to, mode))
    const notice = stanza('chatstate', { from }, [stanza(isTyping ? 'composing' : 'paused')])
    to.primary.deliver(notice)
    for (const companion of to.companions) companion.deliverTransient(notice)
  }

  /** How the chat names people: the recipient's limits first, then the sender's, whose address the server must know. */
  #modeWith(recipient: Account, wanted: AddressingMode): AddressingMode {
    const isByNumber = recipient.addressing === 'phone-only' || recipient.lidMigration === 'unmigrated'
    return this.#sender.account.modeFor(isByNumber ? 'pn' : wanted)
  }

  #remember(id: string, remembered: Remembered): void {
    this.#sent.set(id, remembered)
    if (this.#sent.size > REMEMBERED_MESSAGES) this.#sent.delete(this.#sent.keys().next().value ?? '')
  }
}
