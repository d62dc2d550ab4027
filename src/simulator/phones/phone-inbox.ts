import { jidDecode, type proto } from '@whiskeysockets/baileys'
import { HOSTED_DEVICE_ID } from '../server/account.ts'
import type { Account, Device } from '../server/account.ts'
import { isVouchedFor } from '../signal/device-certificate.ts'
import { authorOf, modeOf } from '../server/envelope.ts'
import { openVote } from './cards/vote-cipher.ts'
import { voteContext } from './cards/vote-context.ts'
import { decodeMessage, readContent } from './message-content.ts'
import type { PhoneMedia } from './media/phone-media.ts'
import type { Target } from './message-key.ts'
import type { Network } from '../server/network.ts'
import { Recording } from './recording.ts'
import type { RecordedFailure, RecordedMessage, RecordedReceipt, RecordedTyping } from './records.ts'
import type { SenderKeys } from '../signal/sender-keys.ts'
import type { SignalSessions } from '../signal/signal-sessions.ts'
import type { Stanza } from '../wire/stanza.ts'
import { bytes, child, children } from '../wire/stanza.ts'

const REMEMBERED_IDS = 20_000

/** Reads what a phone receives: decrypts it with real Signal sessions, shows each message once and records the duplicates. */
export class PhoneInbox {
  readonly received = new Recording<RecordedMessage>()
  readonly duplicates = new Recording<RecordedMessage>()
  readonly receipts = new Recording<RecordedReceipt>(50_000)
  readonly typing = new Recording<RecordedTyping>()
  readonly undecryptable = new Recording<RecordedFailure>()
  readonly #account: Account
  readonly #network: Network
  readonly #sessions: SignalSessions
  readonly #senderKeys: SenderKeys
  readonly #media: PhoneMedia
  readonly #find: (id: string) => Target | undefined
  readonly #timers: Map<string, number>
  readonly #seen = new Map<string, number>()
  readonly #vouchedFor = new WeakSet<Device>()
  #order = 0

  constructor(o: {
    account: Account
    network: Network
    sessions: SignalSessions
    senderKeys: SenderKeys
    media: PhoneMedia
    /** A message of this phone, sent or received. */
    find: (id: string) => Target | undefined
    timers: Map<string, number>
  }) {
    this.#timers = o.timers
    this.#media = o.media
    this.#find = o.find
    this.#account = o.account
    this.#network = o.network
    this.#sessions = o.sessions
    this.#senderKeys = o.senderKeys
  }

  /** Reads a message. Resolves with what the phone shows, or with `undefined` where it cannot read it and records that. */
  async message(stanza: Stanza, sender: Device): Promise<RecordedMessage | undefined> {
    try {
      const message = await this.#decrypt(stanza, sender)
      return this.#record(stanza, sender, message)
    } catch (error) {
      this.failed(stanza, error)
      return undefined
    }
  }

  /** Records a stanza that could not be read. */
  failed(stanza: Stanza, error: unknown): void {
    const author = authorOf(stanza)
    const account = this.#network.directory.account(author) ?? this.#account
    this.undecryptable.add({
      messageId: stanza.attrs.id ?? '',
      ...this.#origin({ account, deviceId: jidDecode(author)?.device ?? 0 }),
      reason: error instanceof Error ? error.message : String(error),
      stanza,
    })
  }

  /** Records a receipt, once for each message that it is about. */
  receipt(stanza: Stanza, from: { account: Account; deviceId: number }): void {
    const more = children(child(stanza, 'list'), 'item').map((item) => item.attrs.id ?? '')
    for (const messageId of [stanza.attrs.id ?? '', ...more]) {
      this.receipts.add({ type: stanza.attrs.type ?? 'delivery', messageId, ...this.#origin(from), stanza })
    }
  }

  chatState(stanza: Stanza, from: Account): void {
    const { at, order } = this.#origin({ account: from, deviceId: 0 })
    const state = child(stanza)?.tag ?? ''
    const chat = this.#network.directory.group(stanza.attrs.from)?.jid ?? from.phoneNumber
    this.typing.add({ from: from.phoneNumber, chat, state, isTyping: state === 'composing', at, order })
  }

  stop(): void {
    for (const recording of [
      this.received,
      this.duplicates,
      this.receipts,
      this.typing,
      this.undecryptable,
    ]) {
      recording.stop()
    }
  }

  /** All parts of a message, which in a group may be the sender's key and what is encrypted with it. */
  async #decrypt(stanza: Stanza, sender: Device): Promise<proto.IMessage> {
    const parts: proto.IMessage[] = []
    for (const enc of children(stanza, 'enc')) {
      const part = decodeMessage(await this.#open(enc, stanza, sender))
      const { senderKeyDistributionMessage: key } = part.deviceSentMessage?.message ?? part
      const distribution = key?.axolotlSenderKeyDistributionMessage
      if (key?.groupId && distribution) this.#senderKeys.accept(key.groupId, sender, distribution)
      parts.push(part)
    }
    const [first, ...more] = parts
    if (first === undefined) throw new Error('nothing to decrypt')
    return Object.assign(first, ...more)
  }

  async #open(enc: Stanza, stanza: Stanza, sender: Device): Promise<Buffer> {
    const { type } = enc.attrs
    if (type === 'skmsg') return this.#senderKeys.decrypt(stanza.attrs.from ?? '', sender, bytes(enc))
    if (type !== 'pkmsg' && type !== 'msg') throw new Error(`unknown ciphertext type ${type ?? ''}`)
    const isCertified = sender.deviceId !== 0 && sender.deviceId !== HOSTED_DEVICE_ID
    if (type === 'pkmsg' && isCertified) this.#requireCertificate(stanza, sender)
    return this.#sessions.decrypt(sender, type, bytes(enc))
  }

  /** A linked device that begins a session must prove whose device it is. Checked once a device: it is slow. */
  #requireCertificate(stanza: Stanza, sender: Device): void {
    const certificate = bytes(child(stanza, 'device-identity'))
    if (certificate.length === 0) throw new Error('device-identity is missing')
    if (this.#vouchedFor.has(sender)) return
    const accountKey = sender.account.primary.identityKey
    if (!isVouchedFor({ certificate, accountKey, companionIdentityKey: sender.identityKey })) {
      throw new Error('device-identity does not verify')
    }
    this.#vouchedFor.add(sender)
  }

  #record(stanza: Stanza, sender: Device, outer: proto.IMessage): RecordedMessage {
    const viaOwnAccount = sender.account === this.#account
    const message = outer.deviceSentMessage?.message ?? outer
    const id = stanza.attrs.id ?? ''
    const { file, ...content } = readContent(message)
    const origin = this.#origin(sender)
    const duplicateOf = this.#firstOf(`${origin.from} ${id}`, origin.order)
    const recorded: RecordedMessage = {
      id,
      ...origin,
      chat: this.#chatOf(stanza, sender, outer),
      mode: modeOf(authorOf(stanza)),
      ...content,
      media: file && this.#media.show(file),
      vote: this.#voteOf(message, sender),
      viaOwnAccount,
      message,
      stanza,
      duplicateOf,
    }
    if (recorded.timer !== undefined) this.#timers.set(recorded.chat, recorded.timer)
    if (stanza.attrs.category === 'peer') return recorded // between the devices of one account, never shown
    if (duplicateOf === undefined) this.received.add(recorded)
    else this.duplicates.add(recorded)
    return recorded
  }

  #voteOf({ pollUpdateMessage }: proto.IMessage, { account }: Device): RecordedMessage['vote'] {
    const pollId = pollUpdateMessage?.pollCreationMessageKey?.id
    if (!pollId) return undefined
    const poll = this.#find(pollId)
    const author = poll && this.#authorOf(poll)
    const context = author && voteContext(poll, { author, voter: account })
    try {
      return { pollId, options: context ? openVote(pollUpdateMessage.vote ?? {}, context) : null }
    } catch {
      return { pollId, options: null }
    }
  }

  #authorOf(target: Target): Account | undefined {
    if (!('from' in target)) return this.#account
    return this.#network.directory.account(`${target.from.replace('+', '')}@s.whatsapp.net`)
  }

  #chatOf(stanza: Stanza, sender: Device, { deviceSentMessage }: proto.IMessage): string {
    const { directory } = this.#network
    const group = directory.group(stanza.attrs.from)
    if (group !== undefined) return group.jid
    const account = directory.account(deviceSentMessage?.destinationJid ?? stanza.attrs.from)
    return (account ?? sender.account).phoneNumber
  }

  #firstOf(key: string, order: number): number | undefined {
    const first = this.#seen.get(key)
    if (first !== undefined) return first
    this.#seen.set(key, order)
    if (this.#seen.size > REMEMBERED_IDS) this.#seen.delete(this.#seen.keys().next().value ?? '')
    return undefined
  }

  #origin(from: { account: Account; deviceId: number }) {
    return {
      from: from.account.phoneNumber,
      fromDevice: from.deviceId,
      at: this.#network.now(),
      order: this.#order++,
    }
  }
}
