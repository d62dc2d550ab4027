import { randomBytes } from 'node:crypto'
import { type KeyPair, normalizeMessageContent, type proto } from '@whiskeysockets/baileys'
import type { AccountAddressing, AddressingMode, LidMigration } from './server/account.ts'
import { ChatServer } from './server/chat-server.ts'
import type { ClientSession } from './server/client-session.ts'
import { Directory } from './server/directory.ts'
import { Faults } from './faults/faults.ts'
import { SimulatedGroup } from './server/groups/group.ts'
import { HABITS, type Habits } from './server/environment.ts'
import { PendingLinks } from './linking/pending-links.ts'
import { MediaServer } from './server/media/media-server.ts'
import { MessageRouter } from './server/message-router.ts'
import type { Network } from './server/network.ts'
import { claimedFile } from './phones/media/media-content.ts'
import { SimulatedPhone } from './phones/phone.ts'
import { PrivacyTokens } from './server/privacy-tokens.ts'
import { PingTally } from './server/pings.ts'
import type { Stanza } from './wire/stanza.ts'
import { UnkeyedDevices } from './server/unkeyed-devices.ts'

const DEFAULT_QR_REFS = 6

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number
  random?: (size: number) => Buffer
  /** Milliseconds since the epoch. */
  clock?: () => number
  /** Habits of the server that differ from the usual ones. */
  habits?: Partial<Habits>
  /** How many QR codes a client gets; WhatsApp gives six. */
  qrRefs?: number
  /** `false`: the server tells each account its own LID and no other. */
  hasLids?: boolean
  /**
   * `false`: every listed device has keys, and every notice of a changed list says what changed. For clients that fail
   * otherwise, as plain Baileys does.
   */
  hasUnkeyedDevices?: boolean
}

export interface PhoneOptions {
  /** E.164. */
  phoneNumber: string
  name: string
  /** With or without `@lid`; a random one otherwise. */
  lid?: string
  addressing?: AccountAddressing
  /** `migrated` by default. */
  lidMigration?: LidMigration
  /** The identity of a phone of an earlier simulator; a new one otherwise. */
  identity?: KeyPair
}

export interface GroupOptions {
  subject: string
  /** The first one creates the group and is its administrator. */
  members: readonly SimulatedPhone[]
  /** How the group names people; `lid` is the default. A member without such an address keeps the other one. */
  addressing?: AddressingMode
  /** The user part of the JID of a group of an earlier simulator; a new one otherwise. */
  id?: string
}

/** An open socket. */
export interface ConnectionView {
  /** E.164 of the account it is logged in as; `null` before that. */
  account: string | null
  deviceId: number | null
  isRegistering: boolean
  sinceMs: number
}

export interface TraceEntry {
  direction: 'in' | 'out'
  node: Stanza
  connection: ConnectionView
}

/**
 * A WhatsApp on loopback that an unmodified linked-device client talks to over the real wire protocol: Noise, the
 * binary codec, registration, login, Signal end-to-end encryption. People are simulated phones. Nothing is kept on
 * disk, and nothing outside this machine is contacted.
 */
export class Simulator {
  readonly faults: Faults
  /** How many pings clients were sent, and how many were never answered. */
  readonly pings = new PingTally()
  readonly #options: SimulatorOptions
  readonly #directory = new Directory()
  readonly #phones = new Map<string, SimulatedPhone>()
  readonly #traceListeners = new Set<(entry: TraceEntry) => void>()
  readonly #changeListeners = new Set<() => void>()
  readonly #stopListeners = new Set<() => void>()
  readonly #network: Network
  readonly #server: ChatServer

  constructor(options: SimulatorOptions = {}) {
    this.#options = options
    this.faults = new Faults(() => this.#server.sessions)
    this.#network = this.#makeNetwork(options)
    this.#server = new ChatServer({
      network: this.#network,
      trace: (direction, node, session) => this.#trace(direction, node, session),
    })
  }

  /** Resolves when the server listens. Rejects when the port is taken. */
  start(): Promise<void> {
    return this.#server.start(this.#options.port ?? 0)
  }

  /** Closes every socket and frees the port; pending waits of the phones reject. */
  async stop(): Promise<void> {
    for (const listener of this.#stopListeners) listener()
    this.#stopListeners.clear()
    this.media.requests.stop()
    for (const phone of this.#phones.values()) phone.stop()
    await this.#server.stop()
  }

  /** Throws when the simulator is not running. */
  get webSocketUrl(): string {
    return this.#server.webSocketUrl
  }

  /** Where this WhatsApp names the current client revision, and how often it was asked. Throws when it is not running. */
  get versionPage(): { url: string; questions: number } {
    return { url: this.#server.versionPageUrl, questions: this.#server.versionQuestions }
  }

  /** WhatsApp's servers for files: what they keep, and what they were asked for. */
  get media(): MediaServer {
    return this.#network.media
  }

  /** WhatsApp does not have the file of this message any more: who asks for it gets this status. The phones keep it. */
  loseFile({ message }: { message: proto.IMessage }, status = 404): void {
    const file = claimedFile(normalizeMessageContent(message) ?? {})
    if (file === undefined) throw new Error('the message has no file')
    this.media.store.lose(file.directPath, status)
  }

  /** The public key of the root that signs the server's certificate: 32 bytes in base64. */
  get noiseRootKey(): string {
    return this.#server.noiseRootKey
  }

  /** Adds a person with a phone. Throws when the number or the LID is taken. */
  createPhone(o: PhoneOptions): SimulatedPhone {
    if (!/^\+\d{5,15}$/.test(o.phoneNumber))
      throw new Error(`${o.phoneNumber} is not a phone number in E.164`)
    const phone = new SimulatedPhone(this.#network, {
      phoneNumber: o.phoneNumber,
      name: o.name,
      lidUser: o.lid?.replace('@lid', '') ?? this.#randomLidUser(),
      addressing: this.#options.hasLids === false ? 'phone-only' : (o.addressing ?? 'both'),
      identity: o.identity,
    })
    if (o.lidMigration !== undefined) phone.account.lidMigration = o.lidMigration
    this.#directory.add(phone.account)
    this.#phones.set(o.phoneNumber, phone)
    this.#network.unkeyedDevices?.add(phone.account)
    this.#network.changed()
    return phone
  }

  /** Creates a group of phones. Their linked clients get a notice; members can be added and removed later. */
  createGroup({ subject, members, addressing = 'lid', id }: GroupOptions): SimulatedGroup {
    const group = new SimulatedGroup({
      id: id ?? `120363${String(this.#network.random(6).readUIntBE(0, 6) % 1e12).padStart(12, '0')}`,
      subject,
      members,
      addressing,
      createdAtMs: this.#network.now(),
      announce: (changed, change) => this.#network.router.announceGroup(changed, change),
    })
    this.#directory.addGroup(group)
    this.#network.router.announceGroup(group, { kind: 'create', members: group.members })
    return group
  }

  get groups(): SimulatedGroup[] {
    return this.#directory.groups
  }

  group(jid: string): SimulatedGroup | undefined {
    return this.#directory.group(jid)
  }

  phone(phoneNumber: string): SimulatedPhone | undefined {
    return this.#phones.get(phoneNumber)
  }

  get phones(): SimulatedPhone[] {
    return [...this.#phones.values()]
  }

  get connections(): ConnectionView[] {
    return this.#server.sessions.filter((session) => session.isOpen).map(view)
  }

  /** The largest number of sockets that were logged in as one companion of this account at the same time. */
  maxSimultaneousConnections(phoneNumber: string): number {
    return this.#phones.get(phoneNumber)?.account.maxSimultaneousConnections ?? 0
  }

  /** Calls `listener` for every stanza of every client, sent or received. Returns a function that stops it. */
  onTrace(listener: (entry: TraceEntry) => void): () => void {
    this.#traceListeners.add(listener)
    return () => void this.#traceListeners.delete(listener)
  }

  /** Calls `listener` whenever something that a viewer sees may have changed. Returns a function that stops it. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => void this.#changeListeners.delete(listener)
  }

  /** Calls `listener` when the simulator stops, or now if it is not running. Returns a function that stops it. */
  onStop(listener: () => void): () => void {
    if (!this.#server.isRunning) listener()
    this.#stopListeners.add(listener)
    return () => void this.#stopListeners.delete(listener)
  }

  #trace(direction: 'in' | 'out', node: Stanza, session: ClientSession): void {
    if (this.#traceListeners.size === 0) return
    const entry = { direction, node, connection: view(session) }
    for (const listener of this.#traceListeners) listener(entry)
  }

  #makeNetwork(o: SimulatorOptions): Network {
    const changed = (): void => {
      for (const listener of this.#changeListeners) listener()
    }
    const base = {
      directory: this.#directory,
      faults: this.faults,
      linking: new PendingLinks(),
      now: o.clock ?? Date.now,
      random: o.random ?? randomBytes,
      qrRefs: o.qrRefs ?? DEFAULT_QR_REFS,
      habits: { ...HABITS, ...o.habits },
      pings: this.pings,
      changed,
    }
    const media = new MediaServer({ ...base, host: () => this.#server.host })
    const withTokens = { ...base, media, privacyTokens: new PrivacyTokens(base) }
    const hasUnkeyedDevices = o.hasUnkeyedDevices !== false
    const router = new MessageRouter(withTokens, { tellsChanges: !hasUnkeyedDevices })
    const unkeyedDevices = hasUnkeyedDevices ? new UnkeyedDevices({ random: base.random, router }) : undefined
    return { ...withTokens, router, unkeyedDevices }
  }

  #randomLidUser(): string {
    return String(100_000_000_000_000 + this.#network.random(6).readUIntBE(0, 6))
  }
}

function view(session: ClientSession): ConnectionView {
  return {
    account: session.accountNumber ?? null,
    deviceId: session.companion?.deviceId ?? null,
    isRegistering: session.isRegistering,
    sinceMs: session.sinceMs,
  }
}
