import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { KeyPair } from '@whiskeysockets/baileys'
import { WebSocketServer } from 'ws'
import type { AccountAddressing, AddressingMode } from './server/account.ts'
import { CertificateAuthority } from './wire/certificate-authority.ts'
import { ClientSession } from './server/client-session.ts'
import { Directory } from './server/directory.ts'
import { Faults } from './faults/faults.ts'
import { SimulatedGroup } from './server/groups/group.ts'
import { HABITS, type Habits } from './server/habits.ts'
import type { LinkedCompanion } from './server/linked-companion.ts'
import { PendingLinks } from './linking/pending-links.ts'
import { MessageRouter } from './server/message-router.ts'
import type { Network } from './server/network.ts'
import type { ServerCertificate } from './wire/noise-server.ts'
import { SimulatedPhone } from './phones/phone.ts'
import { PrivacyTokens } from './server/privacy-tokens.ts'
import { PingTally } from './server/pings.ts'
import type { Stanza } from './wire/stanza.ts'
import { UnkeyedDevices } from './server/unkeyed-devices.ts'

const HOST = '127.0.0.1'
const PATH = '/ws/chat'
const DEFAULT_QR_REFS = 6
const MAX_FRAME_BYTES = 1 << 24

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number
  random?: (size: number) => Buffer
  /** Milliseconds since the epoch. */
  clock?: () => number
  /** What the server does by itself, where it differs from WhatsApp's own habits. */
  habits?: Partial<Habits>
  /** How many QR codes a client gets; WhatsApp gives six. */
  qrRefs?: number
  /** `false`: a server that tells nobody's LID, except an account's own. */
  hasLids?: boolean
  /**
   * `false`: every device that is listed has keys, and every change of a list says what changed. For clients that give
   * up where that is not so, as plain Baileys does.
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
  /** The identity of a phone that was there before; a new one otherwise. */
  identity?: KeyPair
}

export interface GroupOptions {
  subject: string
  /** The first one creates the group and is its administrator. */
  members: readonly SimulatedPhone[]
  /** How the group names people; `lid` unless told otherwise. A member who has no such name keeps the other. */
  addressing?: AddressingMode
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
  /** How often clients were asked for a sign of life, and how often none came. */
  readonly pings = new PingTally()
  readonly #options: SimulatorOptions
  readonly #certificates = new CertificateAuthority()
  readonly #impostor = new CertificateAuthority()
  readonly #directory = new Directory()
  readonly #phones = new Map<string, SimulatedPhone>()
  readonly #sessions = new Set<ClientSession>()
  readonly #traceListeners = new Set<(entry: TraceEntry) => void>()
  readonly #changeListeners = new Set<() => void>()
  readonly #stopListeners = new Set<() => void>()
  readonly #network: Network
  #server: Server | undefined

  constructor(options: SimulatorOptions = {}) {
    this.#options = options
    this.faults = new Faults(() => [...this.#sessions])
    this.#network = this.#makeNetwork(options)
  }

  /** Resolves when the server listens. Throws when the port is taken. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return
    const webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    })
    const server = createServer((_request, response) => response.writeHead(426).end())
    server.on('upgrade', (request, socket, head) => {
      // `upgrade` hands over a stream; on an http server it is the TCP socket.
      this.#upgrade(webSockets, request, socket as Socket, head)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#options.port ?? 0, HOST, resolve)
    })
    this.#server = server
  }

  /** Hangs up on everybody and frees the port; pending waits of the phones reject. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const listener of this.#stopListeners) listener()
    this.#stopListeners.clear()
    for (const phone of this.#phones.values()) phone.stop()
    for (const session of this.#sessions) session.terminate()
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  get webSocketUrl(): string {
    // A server that listens on a TCP port has an address of this shape.
    const address = this.#server?.address() as AddressInfo | null | undefined
    if (!address) throw new Error('the simulator is not running')
    return `ws://${HOST}:${address.port}${PATH}`
  }

  /** The public key of the root that signs the server's certificate: 32 bytes in base64. */
  get noiseRootKey(): string {
    return this.#certificates.rootKey
  }

  /** Gives somebody a phone with WhatsApp. Throws when the number or the LID is taken. */
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
    this.#directory.add(phone.account)
    this.#phones.set(o.phoneNumber, phone)
    this.#network.unkeyedDevices?.add(phone.account)
    this.#network.changed()
    return phone
  }

  /** Puts phones into a group. Their linked clients are told; members may come and go later. */
  createGroup({ subject, members, addressing = 'lid' }: GroupOptions): SimulatedGroup {
    const group = new SimulatedGroup({
      id: `120363${String(this.#network.random(6).readUIntBE(0, 6) % 1e12).padStart(12, '0')}`,
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
    return [...this.#sessions].filter((session) => session.isOpen).map(view)
  }

  /** The most sockets that were ever logged in as one companion of this account at one time. */
  maxSimultaneousConnections(phoneNumber: string): number {
    return this.#phones.get(phoneNumber)?.account.maxSimultaneousConnections ?? 0
  }

  /** Every stanza of every client, as it is sent or received. Returns how to stop listening. */
  onTrace(listener: (entry: TraceEntry) => void): () => void {
    this.#traceListeners.add(listener)
    return () => void this.#traceListeners.delete(listener)
  }

  /** Called whenever something that a viewer would see may have changed. Returns how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => void this.#changeListeners.delete(listener)
  }

  /** Called when the simulator stops; at once when it is not running. */
  onStop(listener: () => void): () => void {
    if (this.#server === undefined) listener()
    this.#stopListeners.add(listener)
    return () => void this.#stopListeners.delete(listener)
  }

  #upgrade(webSockets: WebSocketServer, request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => undefined)
    const status = this.faults.upgrades.strike() ?? (request.url?.startsWith(PATH) ? undefined : 404)
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const session = new ClientSession({ host: this.#host(), webSocket, socket })
      this.#sessions.add(session)
      session.start()
    })
  }

  #host() {
    return {
      network: this.#network,
      certificate: this.#certificate(),
      sessionsOf: (companion: LinkedCompanion) =>
        [...this.#sessions].filter((session) => session.companion === companion && session.isOpen).length,
      trace: (direction: 'in' | 'out', node: Stanza, session: ClientSession) => {
        if (this.#traceListeners.size === 0) return
        const entry = { direction, node, connection: view(session) }
        for (const listener of this.#traceListeners) listener(entry)
      },
      closed: (session: ClientSession) => void this.#sessions.delete(session),
    }
  }

  #certificate(): ServerCertificate {
    const { certificate } = this.faults
    const [authority, kind] =
      certificate === 'wrong-root' ? [this.#impostor, 'valid' as const] : [this.#certificates, certificate]
    return { serverKey: authority.serverKey, chain: authority.chain(kind, this.#network.now()) }
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
    const withTokens = { ...base, privacyTokens: new PrivacyTokens(base) }
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
