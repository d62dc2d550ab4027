import { EventEmitter, once } from 'node:events'
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Account, AddressingMode, Companion } from './account.ts'
import { EVERYDAY, type Occasion, statusUpdate } from './everyday-stanzas.ts'
import type { KeyBundle, PublicPreKey } from '../signal/key-bundle.ts'
import type { Environment } from './environment.ts'
import { OfflineQueue } from './offline/offline-queue.ts'
import type { Stanza } from '../wire/stanza.ts'
import { stanza } from '../wire/stanza.ts'

/** Below this many one-time keys the server asks the client for more. */
const LOW_PRE_KEY_COUNT = 5

/** How many stanzas can be delivered a second time. */
const REMEMBERED_STANZAS = 500

/** An open, logged-in socket of a companion. */
export interface CompanionLink {
  send(stanza: Stanza): void
  /** A newer socket takes the companion over. */
  replace(): void
  /** Sends a stream error and closes. */
  endStream(error: { code: number; child: { tag: string; type: string } }): void
  readonly sinceMs: number
}

/** What a companion registered with when it was linked. */
export interface CompanionRegistration {
  /** The client's static Noise key: it logs in with the same. */
  noiseKey: Buffer
  identityKey: Buffer
  registrationId: number
  signedPreKey: KeyBundle['signedPreKey']
  /** What the client calls itself, such as "Mac OS". */
  operatingSystem: string
}

let serial = 0

/** A client that is linked to a phone: what WhatsApp's server knows about it, and its backlog. */
export class LinkedCompanion implements Companion {
  readonly key: string
  readonly account: Account
  readonly deviceId: number
  readonly operatingSystem: string
  readonly identityKey: Buffer
  readonly noiseKey: Buffer
  readonly registrationId: number
  readonly linkedAtMs: number
  readonly backlog = new OfflineQueue()
  /** What the client has not yet reported as fetched again. */
  readonly dirtyBits = new Set(['account_sync', 'groups', 'newsletter_metadata'])
  signedPreKey: KeyBundle['signedPreKey']
  readonly #preKeys = new Map<number, PublicPreKey>()
  readonly #delivered = new Map<string, Stanza>()
  readonly #events = new EventEmitter()
  #link: CompanionLink | undefined
  #isActive = false
  #isRemoved = false
  #isAvailable = false
  #preKeysAsked = false
  /** How many everyday stanzas it was sent. */
  #everyday = 0
  #statusForLater: (() => void) | undefined

  constructor(o: {
    account: Account
    deviceId: number
    registration: CompanionRegistration
    linkedAtMs: number
  }) {
    this.account = o.account
    this.deviceId = o.deviceId
    this.key = `${o.account.user}/${o.deviceId}/${++serial}`
    this.linkedAtMs = o.linkedAtMs
    const { registration } = o
    this.operatingSystem = registration.operatingSystem
    this.identityKey = registration.identityKey
    this.noiseKey = registration.noiseKey
    this.registrationId = registration.registrationId
    this.signedPreKey = registration.signedPreKey
  }

  /** What it registered with, with the signed key that it has now. */
  get registration(): CompanionRegistration {
    const { noiseKey, identityKey, registrationId, signedPreKey, operatingSystem } = this
    return { noiseKey, identityKey, registrationId, signedPreKey, operatingSystem }
  }

  /** The one-time keys that are left. */
  get preKeys(): PublicPreKey[] {
    return [...this.#preKeys.values()]
  }

  /** The account's name, which is its phone's. */
  get name(): string {
    return this.account.primary.name
  }

  get jid(): string {
    return this.deviceJid('pn')
  }

  get lid(): string {
    return this.deviceJid('lid')
  }

  /** Logged in on an open socket. */
  get isConnected(): boolean {
    return this.#link !== undefined
  }

  /** Connected and past the login queries: stanzas are sent live. */
  get isActive(): boolean {
    return this.#isActive
  }

  /** The phone or the client itself has unlinked it. */
  get isRemoved(): boolean {
    return this.#isRemoved
  }

  /** Whether the client reported itself as available (its person is looking at it). */
  get isAvailable(): boolean {
    return this.#isAvailable
  }

  get preKeyCount(): number {
    return this.#preKeys.size
  }

  deviceJid(mode: AddressingMode): string {
    return this.account.deviceJid(mode, this.deviceId)
  }

  /** Resolves when the companion has logged in and takes live messages. */
  async whenActive(signal?: AbortSignal): Promise<void> {
    if (!this.#isActive) await once(this.#events, 'active', signal === undefined ? {} : { signal })
  }

  /** Resolves when no socket is logged in. */
  async whenDisconnected(signal?: AbortSignal): Promise<void> {
    if (this.isConnected) await once(this.#events, 'disconnected', signal === undefined ? {} : { signal })
  }

  deliver(stanza: Stanza): void {
    this.backlog.add(stanza)
    if (stanza.tag === 'message') this.#remember(stanza)
    if (this.#isActive) this.#link?.send(stanza)
  }

  /**
   * Delivers a past message again, byte for byte, as a server does that missed the receipt: live, or as backlog when
   * the client is away. Throws when the message is not remembered.
   */
  redeliver(messageId: string): void {
    const stanza = this.#delivered.get(messageId)
    if (stanza === undefined) throw new Error(`no message ${messageId} was delivered to ${this.jid}`)
    this.deliver(stanza)
  }

  /** Sends what matters only now, such as typing; it is lost when the companion is offline. */
  deliverTransient(stanza: Stanza): void {
    if (this.#isActive) this.#link?.send(stanza)
  }

  /** One one-time key less; without any, sessions begin without one. */
  takeBundle(): KeyBundle {
    const [preKey] = this.#preKeys.values()
    if (preKey !== undefined) this.#preKeys.delete(preKey.id)
    this.#askForPreKeys()
    const { registrationId, identityKey, signedPreKey } = this
    return { registrationId, identityKey, signedPreKey, preKey }
  }

  addPreKeys(preKeys: readonly PublicPreKey[]): void {
    for (const preKey of preKeys) this.#preKeys.set(preKey.id, preKey)
    this.#preKeysAsked = false
  }

  setPresence(type: string | undefined): void {
    if (type === 'available' || type === 'unavailable') this.#isAvailable = type === 'available'
  }

  /** Takes a newly logged-in socket and ends the one before it. */
  attach(link: CompanionLink): void {
    this.#link?.replace()
    this.#link = link
    this.#isAvailable = false
    this.#isActive = false
  }

  /** The client has finished its login: everything from now on is live. */
  activate(link: CompanionLink): void {
    if (this.#link !== link) return
    this.#isActive = true
    this.#events.emit('active')
  }

  /** Sends the everyday stanzas of a new connection; a status update is kept for the next one. */
  beginDay(network: Pick<Environment, 'now' | 'random' | 'habits'>): void {
    if (network.habits.everyday === 0) return
    this.#statusForLater = () => this.deliver(statusUpdate(this.#occasion(network)))
    for (let count = 0; count < network.habits.everyday; count += 1) {
      const make = EVERYDAY[this.#everyday++ % EVERYDAY.length]
      if (make !== undefined) this.deliver(make(this.#occasion(network)))
    }
  }

  detach(link: CompanionLink): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#isActive = false
    if (!this.#isRemoved) this.#statusForLater?.()
    this.#statusForLater = undefined
    this.#events.emit('disconnected')
  }

  /** Ends the link; an open socket gets the stream error that the device was removed. */
  unlink(): void {
    if (this.#isRemoved) return
    this.#isRemoved = true
    this.backlog.clear()
    this.account.companions.splice(this.account.companions.indexOf(this), 1)
    this.#link?.endStream({ code: 401, child: { tag: 'conflict', type: 'device_removed' } })
  }

  #occasion({ now, random }: Pick<Environment, 'now' | 'random'>): Occasion {
    const t = String(Math.floor(now() / 1000))
    return { account: this.account, id: random(10).toString('hex').toUpperCase(), t, random }
  }

  #remember(stanza: Stanza): void {
    this.#delivered.set(stanza.attrs.id ?? '', stanza)
    if (this.#delivered.size > REMEMBERED_STANZAS)
      this.#delivered.delete(this.#delivered.keys().next().value ?? '')
  }

  #askForPreKeys(): void {
    if (this.#preKeys.size >= LOW_PRE_KEY_COUNT || this.#preKeysAsked || !this.#isActive) return
    this.#preKeysAsked = true
    const id = `${this.linkedAtMs}${++serial}`
    const count = stanza('count', { value: String(this.#preKeys.size) })
    this.deliver(stanza('notification', { from: S_WHATSAPP_NET, type: 'encrypt', id }, [count]))
  }
}
