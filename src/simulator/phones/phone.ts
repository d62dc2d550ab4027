import type { KeyPair, proto } from '@whiskeysockets/baileys'
import {
  Account,
  type AccountAddressing,
  type Device,
  type KeyRefusal,
  type UnkeyedDevice,
} from '../server/account.ts'
import { seconds } from '../server/environment.ts'
import type { AppStateChange } from '../server/app-state.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import { HostedDevice } from './hosted-device.ts'
import type { PhoneFiles } from './media/phone-files.ts'
import { PhoneMedia } from './media/phone-media.ts'
import { PhoneReuploads, type RecordedReupload } from './media/phone-reuploads.ts'
import type { Target } from './message-key.ts'
import type { Network } from '../server/network.ts'
import { PhoneGroupOutbox } from './phone-group-outbox.ts'
import { PhoneInbox } from './phone-inbox.ts'
import { PhoneLinking } from './phone-linking.ts'
import { PhoneApp } from './phone-app.ts'
import { PhoneOutbox } from './phone-outbox.ts'
import { PhonePasskeys } from './phone-passkeys.ts'
import { PhoneReceiver } from './phone-receiver.ts'
import { PhoneSync } from './phone-sync.ts'
import { PhoneWriter } from './phone-writer.ts'
import type { Recording } from './recording.ts'
import { SenderKeys } from '../signal/sender-keys.ts'
import { SerialQueue } from '../signal/serial-queue.ts'
import { SignalIdentity } from '../signal/signal-identity.ts'
import { SignalSessions } from '../signal/signal-sessions.ts'
import { reachoutNotice } from '../server/reachout-notice.ts'
import { type Stanza, stanza } from '../wire/stanza.ts'
import { UnkeyedDevices } from '../server/unkeyed-devices.ts'

/** Beyond so many stanzas for a phone that is switched off the oldest goes. */
const MOST_WAITING = 10_000
/** One bundle in this many has no one-time key. */
const BUNDLES_A_SHORTAGE = 4

/**
 * The WhatsApp app on a person's phone: device 0 of its account. It links clients; it writes, reads, reacts and types
 * when a test or a page asks for it; it decrypts and records what it gets. All of its Signal work happens in order.
 */
export class SimulatedPhone extends PhoneApp implements Device {
  readonly account: Account
  readonly passkeys: PhonePasskeys
  /** What it has sent and opened. */
  readonly files: PhoneFiles
  readonly deviceId = 0
  readonly key: string
  name: string
  readonly #network: Network
  readonly #identity: SignalIdentity
  readonly #sessions: SignalSessions
  readonly #senderKeys: SenderKeys
  readonly #sync: PhoneSync
  readonly #linking: PhoneLinking
  protected readonly inbox: PhoneInbox
  readonly #outbox: PhoneOutbox
  readonly #receiver: PhoneReceiver
  protected readonly writer: PhoneWriter
  readonly #reuploads: PhoneReuploads
  /** What waits until the phone is switched on; `null` while it is. */
  #waiting: Stanza[] | null = null
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
    this.passkeys = new PhonePasskeys({ network, account: this.account, linking: this.#linking })
    this.#senderKeys = new SenderKeys(network.random)
    const keys = { network, sessions: this.#sessions, senderKeys: this.#senderKeys }
    const timers = new Map<string, number>()
    const media = new PhoneMedia(network)
    this.files = media.files
    const own = { account: this.account, network, media, find: (id: string) => this.#find(id) }
    this.inbox = new PhoneInbox({ ...own, ...keys, timers })
    this.#outbox = new PhoneOutbox({ sender: this, network, sessions: this.#sessions })
    const groups = new PhoneGroupOutbox({ sender: this, ...keys })
    const outboxes = { outbox: this.#outbox, groups }
    this.#reuploads = new PhoneReuploads(own)
    this.writer = new PhoneWriter({ ...own, ...outboxes, work: this.#work, timers })
    this.#receiver = new PhoneReceiver({
      ...own,
      ...outboxes,
      inbox: this.inbox,
      reuploads: this.#reuploads,
      takeBundle: () => this.#identity.takeBundle(),
    })
  }

  /** What linked devices asked it to upload again. */
  get reuploads(): Recording<RecordedReupload> {
    return this.#reuploads.asked
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

  /** The key pair that it signs its linked devices with. */
  get identity(): KeyPair {
    return this.#identity.identity
  }

  get identityKey(): Uint8Array {
    return this.#identity.identity.public
  }

  /** Keys for a device that begins a session. One bundle in four lacks a one-time key, as from a phone that ran out of them. */
  takeBundle(): ReturnType<SignalIdentity['takeBundle']> {
    const hasRunOut = this.#network.random(1).readUInt8() % BUNDLES_A_SHORTAGE === 0
    return hasRunOut ? this.#identity.takeLastBundle() : this.#identity.takeBundle()
  }

  // Linked devices

  /** Whether the server gives others the keys of this phone, or how it refuses them. */
  set keys(keys: KeyRefusal | 'given') {
    this.account.phoneKeys = keys
  }

  /** Lists a further device, which has no keys; `remove` takes it off the list. Clients get a notice of both. */
  listUnkeyedDevice(refusal: KeyRefusal): UnkeyedDevice & { remove(): void } {
    const devices = new UnkeyedDevices(this.#network)
    const device = devices.add(this.account, refusal)
    return { ...device, remove: () => devices.remove(this.account, device) }
  }

  /** Whether the server refuses to list its devices. */
  set isListRefused(isRefused: boolean) {
    this.account.isListRefused = isRefused
  }

  /** Whether clients that write to this phone get a notice that its LID is out of date. */
  set isLidStale(isStale: boolean) {
    this.account.isLidStale = isStale
  }

  /**
   * Begins anew with the same number: another account, with another LID, whose devices have no session with anybody. The next
   * message to the former LID is acknowledged with the notice that it is out of date (whatsapp-rust#1313).
   */
  renewLid(lidUser: string): void {
    this.#network.directory.renewLid(this.account, lidUser)
    for (const companion of this.#network.directory.companions) this.#sessions.forget(companion)
  }

  /**
   * Is set up again, with the same account: other Signal keys, no session, no linked device. The linked clients of others get a
   * notice (whatsmeow `notification.go`, `encrypt`); without `tells` they learn it from its next message, or its next retry.
   */
  async reinstall({ tells = true } = {}): Promise<void> {
    await this.removeCompanion()
    this.#identity.renew()
    this.#sessions.forgetAll()
    this.#senderKeys.forgetAll()
    const from = this.account.deviceJid(this.account.modeFor('lid'))
    for (const companion of tells ? this.#network.directory.companions : []) {
      const id = this.#network.random(8).toString('hex')
      const attributes = { from, type: 'encrypt', id, t: seconds(this.#network) }
      companion.deliver(stanza('notification', attributes, [stanza('identity')]))
    }
  }

  /** Meta hosts a device for this business from now on. It stands in the list before those that were linked. */
  hostDevice(): HostedDevice {
    const device = new HostedDevice(this.#network, this.account)
    this.account.companions.unshift(device)
    this.#network.router.announceDevice(device, 'add')
    return device
  }

  /**
   * WhatsApp forbids this account to write to new people until then, seconds since the epoch (`null` for no end that is named),
   * or lets it again. Its linked clients are told, unless `tells` is false.
   */
  lockReachout(lock: { until: number | null } | null, { tells = true } = {}): void {
    this.account.reachoutLock = lock
    if (!tells) return
    const notice = reachoutNotice(this.account, this.#network)
    for (const companion of this.companions) companion.deliver(notice)
  }

  get companions(): LinkedCompanion[] {
    return this.#network.directory.companionsOf(this.account)
  }

  /** Whether a client asks to be linked to this number by a code that a person types on this phone. */
  get isAskedForCode(): boolean {
    return this.#linking.isAsked
  }

  /**
   * Scans a linking code. Resolves when the client is linked, which takes a person where `passkeys` are demanded; rejects
   * when the code is unknown or has expired.
   */
  async scan(qr: string): Promise<LinkedCompanion> {
    await this.#sync.begin()
    const companion = await this.#linking.scan(qr)
    this.#sync.welcome(companion)
    return companion
  }

  /** Takes a client that was linked before this simulator existed. No client gets a notice. */
  adopt(companion: LinkedCompanion): void {
    this.#network.directory.link(companion)
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

  /** Changes the app state, as by a tap on "mute"; linked clients get a notice that it changed. */
  changeAppState(change: AppStateChange): Promise<void> {
    return this.#sync.change(change)
  }

  /** Sends a message between devices, which belongs to no chat, to one linked client. Resolves with its id. */
  async sendPeerMessage(companion: LinkedCompanion, message: proto.IMessage): Promise<string> {
    const id = this.writer.newId()
    await this.#work.run(() => this.#outbox.sendPeer(companion, id, message))
    return id
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
    this.writer.sent.stop()
    this.reuploads.stop()
  }

  /** Switched off, or without a network: what arrives waits at the server. What it sends goes out all the same. */
  switchOff(): void {
    this.#waiting ??= []
  }

  /** Reads what has waited. */
  switchOn(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const received of waiting) this.deliver(received)
  }

  deliver(received: Stanza): void {
    if (this.#waiting !== null) {
      this.#waiting.push(received)
      if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()
      return
    }
    this.#work
      .run(() => this.#receiver.receive(received))
      .catch((error: unknown) => this.inbox.failed(received, error))
  }

  /** A message of this phone, sent or received. */
  #find(id: string): Target | undefined {
    const isIt = (message: Target): boolean => message.id === id
    return this.received.findLast(isIt) ?? this.sent.items.findLast(isIt)
  }
}
