import type { proto } from '@whiskeysockets/baileys'
import { Account, type AccountAddressing, type AddressingMode } from './account.ts'
import type { Device } from './device.ts'
import { modeOf } from './envelope.ts'
import type { LinkedCompanion } from './linked-companion.ts'
import { reactionMessage, textMessage } from './message-content.ts'
import type { Network } from './network.ts'
import { seconds } from './network.ts'
import { PhoneInbox } from './phone-inbox.ts'
import { PhoneMemory } from './phone-memory.ts'
import { PhoneOutbox } from './phone-outbox.ts'
import { PhoneLinking } from './phone-linking.ts'
import { Recording } from './recording.ts'
import type { RecordedMessage, SentMessage } from './records.ts'
import { retryAttempt, retryReceipt } from './retry-receipt.ts'
import { SerialQueue } from './serial-queue.ts'
import { SignalIdentity } from './signal-identity.ts'
import { SignalSessions } from './signal-sessions.ts'
import type { Stanza } from './stanza.ts'

/** A phone number in E.164, or the phone itself. */
export type Recipient = string | SimulatedPhone

export interface SendOptions {
  /** How the chat names people; `lid` unless an account allows only the other. */
  addressing?: AddressingMode
  quote?: RecordedMessage | SentMessage
  /** The message id; a random one otherwise. */
  id?: string
  /** Attributes of the stanza to replace, for a server with other habits. */
  attributes?: Readonly<Record<string, string>>
}

/**
 * The WhatsApp app on somebody's phone: device 0 of its account. It links companions, writes, reads, reacts and types
 * as its person is told to, decrypts what it gets, and records it. All of its Signal work happens in order.
 */
export class SimulatedPhone extends PhoneMemory implements Device {
  readonly account: Account
  readonly deviceId = 0
  readonly key: string
  name: string
  readonly sent = new Recording<SentMessage>()
  readonly #network: Network
  readonly #identity: SignalIdentity
  readonly #sessions: SignalSessions
  readonly #linking: PhoneLinking
  protected readonly inbox: PhoneInbox
  readonly #outbox: PhoneOutbox
  readonly #work = new SerialQueue()

  constructor(
    network: Network,
    o: { phoneNumber: string; name: string; lidUser: string; addressing: AccountAddressing },
  ) {
    super()
    this.#network = network
    this.account = new Account(o)
    this.account.primary = this
    this.key = `${this.account.user}/0`
    this.name = o.name
    this.#identity = new SignalIdentity(network.random(2).readUInt16BE() & 0x3fff)
    this.#sessions = new SignalSessions(this.key, this.#identity)
    this.#linking = new PhoneLinking({ network, account: this.account, identity: this.#identity })
    this.inbox = new PhoneInbox({ account: this.account, network, sessions: this.#sessions })
    this.#outbox = new PhoneOutbox({ sender: this, network, sessions: this.#sessions })
  }

  get phoneNumber(): string {
    return this.account.phoneNumber
  }

  get jid(): string {
    return this.account.jid
  }

  get lid(): string {
    return this.account.lid
  }

  get identityKey(): Uint8Array {
    return this.#identity.identity.public
  }

  takeBundle(): ReturnType<SignalIdentity['takeBundle']> {
    return this.#identity.takeBundle()
  }

  // Linked devices

  get companions(): LinkedCompanion[] {
    return [...this.account.companions]
  }

  /** Whether a client asks to be linked to this number by a code that is to be typed here. */
  get isAskedForCode(): boolean {
    return this.#linking.isAsked
  }

  /** Scans a linking code. Resolves when the client is linked; rejects when the code is unknown or has expired. */
  scan(qr: string): Promise<LinkedCompanion> {
    return this.#linking.scan(qr)
  }

  /** Types a pairing code. Rejects when it is wrong, or when no client asks for this number. */
  enterCode(code: string): Promise<LinkedCompanion> {
    return this.#linking.enterCode(code)
  }

  /** Removes one linked device, or all of them, as "Log out" on the phone does. */
  async removeCompanion(companion?: LinkedCompanion): Promise<void> {
    const removed = companion === undefined ? this.companions : [companion]
    for (const each of removed) this.#sessions.forget(each)
    this.#linking.remove(removed)
  }

  // Writing

  sendText(to: Recipient, text: string, options: SendOptions = {}): Promise<SentMessage> {
    const { quote } = options
    const recipient = this.#recipient(to)
    const author = quote === undefined ? undefined : this.#authorJid(quote)
    const reference = quote && author ? { id: quote.id, author, text: quote.text } : undefined
    return this.#send(recipient, text, textMessage(text, reference), options)
  }

  /** Sends any content, also what no app would send; encrypted as every message is. */
  sendMessage(to: Recipient, message: proto.IMessage, options: SendOptions = {}): Promise<SentMessage> {
    return this.#send(this.#recipient(to), '', message, options)
  }

  /** Writes into the chat with oneself. */
  sendToSelf(text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.sendText(this, text, options)
  }

  /** Reacts to a message of either side; an empty `emoji` takes the reaction back. */
  react(
    target: RecordedMessage | SentMessage,
    emoji: string,
    options: SendOptions = {},
  ): Promise<SentMessage> {
    const chat = this.#recipient(target.chat)
    const fromMe = !('from' in target) || target.viaOwnAccount
    const key = { remoteJid: chat.deviceJid(target.mode), fromMe, id: target.id }
    const message = reactionMessage(key, emoji, this.#network.now())
    return this.#send(chat, '', message, { addressing: target.mode, ...options })
  }

  /** Tells the sender that its message was read. */
  async markRead(message: RecordedMessage): Promise<void> {
    this.#outbox.receipt(this.#recipient(message.from), message.mode, { id: message.id, type: 'read' })
  }

  async setTyping(to: Recipient, isTyping: boolean, addressing: AddressingMode = 'lid'): Promise<void> {
    this.#outbox.typing(this.#recipient(to), addressing, isTyping)
  }

  /** Loses the Signal session with a device, as after a restored backup: its next message cannot be read. */
  forgetSession(device: Device): void {
    this.#sessions.forget(device)
  }

  /** Resolves when everything handed to the phone so far is read and answered. */
  idle(): Promise<void> {
    return this.#work.idle()
  }

  stop(): void {
    this.inbox.stop()
    this.sent.stop()
  }

  deliver(received: Stanza): void {
    this.#work
      .run(() => this.#receive(received))
      .catch((error: unknown) => this.inbox.failed(received, error))
  }

  async #receive(received: Stanza): Promise<void> {
    const { directory } = this.#network
    const from = received.attrs.from
    const sender = directory.device(from)
    const account = directory.account(from)
    if (account === undefined) return
    if (received.tag === 'message' && sender !== undefined) await this.#receiveMessage(received, sender)
    if (received.tag === 'receipt') await this.#receiveReceipt(received, account, sender)
    if (received.tag === 'chatstate') this.inbox.chatState(received, account)
    this.#network.changed()
  }

  async #receiveMessage(received: Stanza, sender: Device): Promise<void> {
    const message = await this.inbox.message(received, sender)
    if (message === undefined) return this.#askAgain(received, sender)
    const isOthers = sender.account !== this.account
    if (isOthers) this.#outbox.receipt(sender.account, message.mode, { id: message.id })
  }

  #askAgain(received: Stanza, sender: Device): void {
    const from = this.account.deviceJid(modeOf(received.attrs.from))
    sender.deliver(
      retryReceipt(received, { from, timestamp: seconds(this.#network), bundle: this.takeBundle() }),
    )
  }

  async #receiveReceipt(received: Stanza, account: Account, sender: Device | undefined): Promise<void> {
    this.inbox.receipt(received, { account, deviceId: sender?.deviceId ?? 0 })
    if (received.attrs.type !== 'retry' || sender === undefined) return
    await this.#outbox.resend(received.attrs.id ?? '', sender, retryAttempt(received))
  }

  #send(
    recipient: Account,
    text: string,
    message: proto.IMessage,
    options: SendOptions,
  ): Promise<SentMessage> {
    const id = options.id ?? `3A${this.#network.random(9).toString('hex').toUpperCase()}`
    const wanted = options.addressing ?? 'lid'
    return this.#work.run(async () => {
      const sent = await this.#outbox.send(id, recipient, wanted, message, options.attributes)
      const recorded: SentMessage = { ...sent, chat: recipient.phoneNumber, text }
      this.sent.add(recorded)
      this.#network.changed()
      return recorded
    })
  }

  #recipient(to: Recipient): Account {
    if (typeof to !== 'string') return to.account
    const account = this.#network.directory.account(`${to.replace('+', '')}@s.whatsapp.net`)
    if (account === undefined) throw new Error(`${to} is not on WhatsApp`)
    return account
  }

  #authorJid(message: RecordedMessage | SentMessage): string {
    const author = 'from' in message ? this.#recipient(message.from) : this.account
    return author.deviceJid(message.mode)
  }
}
