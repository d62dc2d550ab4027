import type { KeyPair, proto } from '@whiskeysockets/baileys'
import { Account, type AccountAddressing, type AddressingMode } from '../server/account.ts'
import type { AppStateChange } from '../server/app-state.ts'
import type { Device } from '../server/device.ts'
import { claimOf } from '../server/envelope.ts'
import type { SimulatedGroup } from '../server/groups/group.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import { editMessage, reactionMessage, revokeMessage, textMessage } from './message-content.ts'
import { type Chat, isGroup, isOwn, messageKey, type Target } from './message-key.ts'
import type { Network } from '../server/network.ts'
import { PhoneGroupOutbox } from './phone-group-outbox.ts'
import { PhoneInbox } from './phone-inbox.ts'
import { PhoneLinking } from './phone-linking.ts'
import { PhoneMemory } from './phone-memory.ts'
import { PhoneOutbox } from './phone-outbox.ts'
import { PhoneReceiver } from './phone-receiver.ts'
import { PhoneSync } from './phone-sync.ts'
import { Recording } from './recording.ts'
import type { RecordedMessage, SentMessage } from './records.ts'
import { SenderKeys } from '../signal/sender-keys.ts'
import { SerialQueue } from '../signal/serial-queue.ts'
import { SignalIdentity } from '../signal/signal-identity.ts'
import { SignalSessions } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'
import { type KeyRefusal, type UnkeyedDevice, UnkeyedDevices } from '../server/unkeyed-devices.ts'

/** One bundle in so many has no one-time key. */
const BUNDLES_A_SHORTAGE = 4

/** A phone number in E.164, or the phone itself. */
export type Recipient = string | SimulatedPhone

export interface SendOptions {
  /** How the chat names people; `lid` unless an account allows only the other. */
  addressing?: AddressingMode
  quote?: Target
  /** Whom the text mentions; their names are put before it, as apps do. */
  mention?: Recipient | readonly Recipient[]
  /** The message id; a random one otherwise. */
  id?: string
  /** Whom the envelope names as its sender, besides the address that it comes from; a forged one names somebody else. */
  claims?: SimulatedPhone
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
  readonly #senderKeys: SenderKeys
  readonly #sync: PhoneSync
  readonly #linking: PhoneLinking
  protected readonly inbox: PhoneInbox
  readonly #outbox: PhoneOutbox
  readonly #groups: PhoneGroupOutbox
  readonly #receiver: PhoneReceiver
  readonly #work = new SerialQueue()

  constructor(
    network: Network,
    o: {
      phoneNumber: string
      name: string
      lidUser: string
      addressing: AccountAddressing
      identity?: KeyPair | undefined
    },
  ) {
    super()
    this.#network = network
    this.account = new Account(o)
    this.account.primary = this
    this.key = `${this.account.user}/0`
    this.name = o.name
    this.#identity = new SignalIdentity(network.random(2).readUInt16BE() & 0x3fff, o.identity)
    this.#sessions = new SignalSessions(this.key, this.#identity)
    this.#sync = new PhoneSync({
      account: this.account,
      network,
      sendPeerMessage: (companion, message) => this.sendPeerMessage(companion, message),
    })
    this.#linking = new PhoneLinking({ network, account: this.account, identity: this.#identity })
    this.#senderKeys = new SenderKeys(network.random)
    const keys = { network, sessions: this.#sessions, senderKeys: this.#senderKeys }
    this.inbox = new PhoneInbox({ account: this.account, ...keys })
    this.#outbox = new PhoneOutbox({ sender: this, network, sessions: this.#sessions })
    this.#groups = new PhoneGroupOutbox({ sender: this, ...keys })
    this.#receiver = new PhoneReceiver({
      account: this.account,
      network,
      inbox: this.inbox,
      outbox: this.#outbox,
      groups: this.#groups,
      takeBundle: () => this.#identity.takeBundle(),
    })
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

  /** For whoever begins a session. Its stock of one-time keys runs out now and then, until the phone is online again. */
  takeBundle(): ReturnType<SignalIdentity['takeBundle']> {
    const hasRunOut = this.#network.random(1).readUInt8() % BUNDLES_A_SHORTAGE === 0
    return hasRunOut ? this.#identity.takeLastBundle() : this.#identity.takeBundle()
  }

  // Linked devices

  /** Whether others get the keys of this phone, or how they are refused. */
  set keys(keys: KeyRefusal | 'given') {
    this.account.phoneKeys = keys
  }

  /** Lists a further device, which has no keys; `remove` takes it off the list. Clients are told. */
  listUnkeyedDevice(refusal: KeyRefusal): UnkeyedDevice & { remove(): void } {
    const devices = new UnkeyedDevices(this.#network)
    const device = devices.add(this.account, refusal)
    return { ...device, remove: () => devices.remove(this.account, device) }
  }

  /** Whether the server refuses to tell its devices. */
  set isListRefused(isRefused: boolean) {
    this.account.isListRefused = isRefused
  }

  /** Whether clients that write to this phone are told that its LID is another one by now. */
  set isLidStale(isStale: boolean) {
    this.account.isLidStale = isStale
  }

  get companions(): LinkedCompanion[] {
    return [...this.account.companions]
  }

  /** Whether a client asks to be linked to this number by a code that is to be typed here. */
  get isAskedForCode(): boolean {
    return this.#linking.isAsked
  }

  /** Scans a linking code. Resolves when the client is linked; rejects when the code is unknown or has expired. */
  async scan(qr: string): Promise<LinkedCompanion> {
    await this.#sync.begin()
    const companion = await this.#linking.scan(qr)
    this.#sync.welcome(companion)
    return companion
  }

  /** Types a pairing code. Rejects when it is wrong, or when no client asks for this number. */
  async enterCode(code: string): Promise<LinkedCompanion> {
    await this.#sync.begin()
    const companion = await this.#linking.enterCode(code)
    this.#sync.welcome(companion)
    return companion
  }

  /** Removes one linked device, or all of them, as "Log out" on the phone does. */
  async removeCompanion(companion?: LinkedCompanion): Promise<void> {
    const removed = companion === undefined ? this.companions : [companion]
    for (const each of removed) this.#sessions.forget(each)
    this.#linking.remove(removed)
  }

  /** Changes what all devices of the account share, as by a tap on "mute"; linked clients are told that there is news. */
  changeAppState(change: AppStateChange): Promise<void> {
    return this.#sync.change(change)
  }

  /** Sends to one linked client what is between devices and part of no chat. Resolves with its id. */
  async sendPeerMessage(companion: LinkedCompanion, message: proto.IMessage): Promise<string> {
    const id = this.#newId()
    await this.#work.run(() => this.#outbox.sendPeer(companion, id, message))
    return id
  }

  // Writing

  sendText(to: Recipient, text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.#write(this.#recipient(to), text, options)
  }

  /** Rejects when the phone is not in the group. */
  sendGroupText(group: SimulatedGroup, text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.#write(group, text, options)
  }

  /** Sends any content, also what no app would send; encrypted as every message is. */
  sendMessage(
    to: Recipient | SimulatedGroup,
    message: proto.IMessage,
    options: SendOptions = {},
  ): Promise<SentMessage> {
    return this.#send(this.#chat(to), '', message, options)
  }

  /** Writes into the chat with oneself. */
  sendToSelf(text: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.sendText(this, text, options)
  }

  /** Reacts to a message of either side; an empty `emoji` takes the reaction back. */
  react(target: Target, emoji: string, options: SendOptions = {}): Promise<SentMessage> {
    return this.#sendAbout(target, reactionMessage(this.#key(target), emoji, this.#network.now()), options)
  }

  /** Gives a message a new text. Somebody else's too: it is then claimed as the phone's own, as a hostile client does. */
  edit(target: Target, text: string, options: SendOptions = {}): Promise<SentMessage> {
    const message = editMessage(this.#key(target, true), text, this.#network.now())
    return this.#sendAbout(target, message, options)
  }

  /**
   * Deletes a message for everyone. Somebody else's is deleted `as` an administrator would, which this phone may be or
   * not, or claimed as the phone's own, which a hostile client does.
   */
  revoke(
    target: Target,
    { as = 'author', ...options }: SendOptions & { as?: 'author' | 'administrator' } = {},
  ): Promise<SentMessage> {
    return this.#sendAbout(target, revokeMessage(this.#key(target, as === 'author')), options)
  }

  /** Tells the sender that its message was read. */
  async markRead(message: RecordedMessage): Promise<void> {
    const chat = this.#chat(message.chat)
    const author = this.#recipient(message.from)
    const receipt = { id: message.id, type: 'read' }
    if (isGroup(chat)) this.#groups.receipt(chat, author, receipt)
    else this.#outbox.receipt(author, message.mode, receipt)
  }

  async setTyping(
    to: Recipient | SimulatedGroup,
    isTyping: boolean,
    addressing: AddressingMode = 'lid',
  ): Promise<void> {
    const chat = this.#chat(to)
    if (isGroup(chat)) this.#groups.typing(chat, isTyping)
    else this.#outbox.typing(chat, addressing, isTyping)
  }

  /** Loses the Signal session with a device, as after a restored backup: its next message cannot be read. */
  forgetSession(device: Device): void {
    this.#sessions.forget(device)
  }

  /** Loses the keys for what a device writes to groups. */
  forgetSenderKeys(device: Device): void {
    this.#senderKeys.forget(device)
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
      .run(() => this.#receiver.receive(received))
      .catch((error: unknown) => this.inbox.failed(received, error))
  }

  #newId(): string {
    return `3A${this.#network.random(9).toString('hex').toUpperCase()}`
  }

  #write(chat: Chat, text: string, options: SendOptions): Promise<SentMessage> {
    const { quote, mention = [] } = options
    const mode = isGroup(chat) ? chat.addressing : (options.addressing ?? 'lid')
    const people = Array.isArray(mention) ? (mention as readonly Recipient[]) : [mention as Recipient]
    const mentioned = people.map((person) => {
      const account = this.#recipient(person)
      return account.deviceJid(account.modeFor(mode))
    })
    const names = mentioned.map((jid) => `@${jid.split('@')[0] ?? ''} `).join('')
    const author = quote && this.#authorOf(quote)
    const reference = quote &&
      author && { id: quote.id, author: author.deviceJid(quote.mode), text: quote.text }
    const complete = `${names}${text}`
    return this.#send(chat, complete, textMessage(complete, { quote: reference, mentioned }), options)
  }

  #sendAbout(target: Target, message: proto.IMessage, options: SendOptions): Promise<SentMessage> {
    return this.#send(this.#chat(target.chat), '', message, { addressing: target.mode, ...options })
  }

  #send(chat: Chat, text: string, message: proto.IMessage, options: SendOptions): Promise<SentMessage> {
    const id = options.id ?? this.#newId()
    const { addressing = 'lid', claims } = options
    const claimed = claims === undefined ? {} : claimOf(claims.account, isGroup(chat))
    const attributes = { ...claimed, ...options.attributes }
    return this.#work.run(async () => {
      const sent = isGroup(chat)
        ? await this.#groups.send(id, chat, message, attributes)
        : await this.#outbox.send(id, chat, addressing, message, attributes)
      const recorded: SentMessage = { ...sent, chat: isGroup(chat) ? chat.jid : chat.phoneNumber, text }
      this.sent.add(recorded)
      this.#network.changed()
      return recorded
    })
  }

  #key(target: Target, claimed = false): proto.IMessageKey {
    return messageKey(target, { chat: this.#chat(target.chat), author: this.#authorOf(target), claimed })
  }

  #chat(to: Recipient | SimulatedGroup): Chat {
    if (typeof to !== 'string') return to instanceof SimulatedPhone ? to.account : to
    return this.#network.directory.group(to) ?? this.#recipient(to)
  }

  #recipient(to: Recipient): Account {
    if (typeof to !== 'string') return to.account
    const account = this.#network.directory.account(`${to.replace('+', '')}@s.whatsapp.net`)
    if (account === undefined) throw new Error(`${to} is not on WhatsApp`)
    return account
  }

  #authorOf(target: Target): Account {
    return isOwn(target) || !('from' in target) ? this.account : this.#recipient(target.from)
  }
}
