import type { Socket } from 'node:net'
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import { Connection } from '../wire/connection.ts'
import type { FaultTarget, StreamError } from '../faults/faults.ts'
import { failureStanza, streamErrorStanza } from '../faults/faults.ts'
import type { QuerySession } from './queries/iq-handler.ts'
import { answerQuery } from './queries/iq-table.ts'
import type { CompanionLink, LinkedCompanion } from './linked-companion.ts'
import { authenticate } from './login.ts'
import type { Network } from './network.ts'
import { seconds } from './environment.ts'
import type { Handshake, ServerCertificate } from '../wire/noise-server.ts'
import { readRegistration, Registration } from '../linking/registration.ts'
import { OfflineDelivery } from './offline/offline-delivery.ts'
import { Pings } from './pings.ts'
import { bulletins } from './bulletins.ts'
import { AckDeadline } from './offline/ack-deadline.ts'
import { iqError, iqResult, type Stanza, stanza } from '../wire/stanza.ts'

/** WhatsApp's routing hint, which the client echoes in front of its next handshake. */
const ROUTING_INFO = Buffer.from([8, 2, 8, 5])

const CLIENT_OUTDATED = 405

/** What a session needs from the server that holds it. */
export interface SessionHost {
  readonly network: Network
  readonly certificate: ServerCertificate
  sessionsOf(companion: LinkedCompanion): number
  trace(direction: 'in' | 'out', stanza: Stanza, session: ClientSession): void
  closed(session: ClientSession): void
}

/** One client socket from handshake to close: a client that registers, or a companion that logs in. */
export class ClientSession implements FaultTarget, CompanionLink, QuerySession {
  readonly sinceMs: number
  readonly #host: SessionHost
  readonly #network: Network
  readonly #connection: Connection
  #registration: Registration | undefined
  #companion: LinkedCompanion | undefined
  #delivery: OfflineDelivery | undefined
  #acks: AckDeadline | undefined
  readonly #pings: Pings
  #isSilent = false

  constructor(o: { host: SessionHost; webSocket: WebSocket; socket: Socket }) {
    this.#host = o.host
    this.#network = o.host.network
    this.sinceMs = this.#network.now()
    this.#pings = new Pings({
      everyMs: this.#network.habits.pingEveryMs,
      send: (ping) => this.send(ping),
      tally: this.#network.pings,
      random: this.#network.random,
    })
    this.#connection = new Connection({
      webSocket: o.webSocket,
      socket: o.socket,
      certificate: o.host.certificate,
      latencyMs: () => {
        const { latencyMs } = this.#network.faults
        return typeof latencyMs === 'number' ? latencyMs : latencyMs()
      },
      takesRouting: () => this.#network.faults.takesRouting,
      listener: {
        onHandshake: (handshake) => this.#begin(handshake),
        onStanza: (received) => this.#receive(received),
        onClose: () => this.#end(),
      },
    })
  }

  start(): void {
    this.#connection.start()
  }

  get companion(): LinkedCompanion | undefined {
    return this.#companion
  }

  get accountNumber(): string | undefined {
    return this.#companion?.account.phoneNumber
  }

  get isRegistering(): boolean {
    return this.#registration !== undefined
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  send(node: Stanza): void {
    if (this.#isSilent) return
    this.#host.trace('out', node, this)
    this.#connection.send(node)
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#isSilent) this.#connection.sendPlaintext(() => bytes)
  }

  endStream(error: StreamError): void {
    this.send(streamErrorStanza(error))
    this.#connection.close()
  }

  /** Another socket has logged in as the same companion. */
  replace(): void {
    this.endStream({ child: { tag: 'conflict', type: 'replaced' } })
  }

  goSilent(): void {
    this.#isSilent = true
    this.#pings.stop()
  }

  goHalfOpen(): void {
    this.goSilent()
    this.#connection.goHalfOpen()
  }

  reset(): void {
    this.#connection.reset()
  }

  terminate(): void {
    this.#connection.terminate()
  }

  sendGarbage(): void {
    this.#connection.sendGarbage()
  }

  demandRegistrationRefresh(): void {
    this.#registration?.demandRefresh()
  }

  /** The client has finished its login queries: sends its backlog and marks the end of it. */
  activate(): void {
    const companion = this.#companion
    if (companion === undefined || companion.isActive || this.#delivery !== undefined) return
    this.#inform(stanza('edge_routing', {}, [stanza('routing_info', {}, ROUTING_INFO)]))
    const { faults, habits } = this.#network
    this.#delivery = new OfflineDelivery({
      queue: companion.backlog,
      most: habits.batch,
      send: (node) => this.send(node),
      over: (count) => this.#goLive(companion, count),
      onDemand: () => faults.batchesOnDemand,
    })
    this.#delivery.start()
  }

  /** Unlinks a companion: its open socket gets a stream error, and its next login is refused. */
  removeCompanion(companion: LinkedCompanion): void {
    companion.unlink()
    this.#network.router.announceDevice(companion, 'remove')
    this.#network.changed()
  }

  /** The backlog is over: later stanzas are sent live. */
  #goLive(companion: LinkedCompanion, count: number): void {
    if (this.#network.faults.sendsOfflineMarker) this.#inform(stanza('offline', { count: String(count) }))
    for (const bulletin of bulletins(this.#network)) this.#inform(bulletin)
    companion.activate(this)
    for (const type of companion.dirtyBits)
      this.#inform(stanza('dirty', { type, timestamp: seconds(this.#network) }))
    companion.beginDay(this.#network)
    this.#acks = new AckDeadline(companion.backlog, this.#network.habits.ackWithinMs, (late) => {
      const { id, from } = late.attrs
      this.endStream({ child: { tag: 'ack', class: late.tag, ...(id && { id }), ...(from && { from }) } })
    })
    this.#network.changed()
  }

  #inform(content: Stanza): void {
    this.send(stanza('ib', { from: S_WHATSAPP_NET }, [content]))
  }

  #begin(handshake: Handshake): void {
    const { devicePairingData, userAgent } = handshake.payload
    if ((userAgent?.appVersion?.tertiary ?? 0) < this.#network.faults.minimumRevision)
      return this.#fail({ reason: CLIENT_OUTDATED })
    if (devicePairingData?.eIdent?.length) this.#register(devicePairingData, handshake.clientKey)
    else this.#logIn(handshake)
    if (this.isOpen) this.#pings.start()
  }

  #register(data: NonNullable<Handshake['payload']['devicePairingData']>, clientKey: Buffer): void {
    const failure = this.#network.faults.registrations.strike()
    if (failure !== undefined) return this.#fail(failure)
    try {
      const link = {
        send: (node: Stanza) => this.send(node),
        restart: () => this.endStream({ code: 515 }),
        hangUp: () => this.reset(),
      }
      const client = readRegistration(data, clientKey)
      this.#registration = new Registration({ client, network: this.#network, link })
    } catch {
      return this.#fail({ reason: 400 })
    }
    this.#network.linking.add(this.#registration)
    this.#registration.start()
  }

  #logIn({ payload, clientKey }: Handshake): void {
    const verdict = authenticate(this.#network, payload, clientKey)
    if ('failure' in verdict) return this.#fail(verdict.failure)
    const { companion } = verdict
    this.#companion = companion
    const { account } = companion
    account.maxSimultaneousConnections = Math.max(
      account.maxSimultaneousConnections,
      this.#host.sessionsOf(companion),
    )
    companion.attach(this)
    this.send(
      stanza('success', { t: seconds(this.#network), props: '27', lid: companion.lid, location: 'cln' }),
    )
    const silenced = this.#network.faults.silencedLogins.strike(account.phoneNumber)
    if (silenced === 'silent') this.goSilent()
    if (silenced === 'half-open') this.goHalfOpen()
    this.#network.changed()
  }

  #fail(failure: Parameters<typeof failureStanza>[0]): void {
    this.send(failureStanza(failure))
    this.#connection.close()
  }

  #receive(received: Stanza): void {
    this.#host.trace('in', received, this)
    if (this.#isSilent || this.#pings.receive(received)) return
    if (this.#registration !== undefined) this.#receiveRegistering(this.#registration, received)
    else if (this.#companion !== undefined) this.#receiveFrom(this.#companion, received)
  }

  #receiveRegistering(registration: Registration, received: Stanza): void {
    const { xmlns, type } = received.attrs
    if (received.tag === 'iq' && type !== 'result' && type !== 'error') {
      if (this.#isSpoiled(received)) return
      if (xmlns === 'md') registration.receiveStep(received)
      else this.send(iqResult(received))
    } else registration.receive(received)
  }

  #receiveFrom(companion: LinkedCompanion, received: Stanza): void {
    const { router } = this.#network
    const answer = (node: Stanza): void => this.send(node)
    const handlers: Readonly<Record<string, () => void>> = {
      iq: () => this.#query(companion, received),
      message: () => router.message(companion, received, answer),
      receipt: () => router.receipt(companion, received, answer),
      ack: () => {
        companion.backlog.settle(received)
        this.#network.privacyTokens.acknowledged(companion, received)
      },
      ib: () => this.#delivery?.receive(received),
      chatstate: () => router.chatState(companion, received),
      presence: () => companion.setPresence(received.attrs.type),
    }
    handlers[received.tag]?.()
    if (received.tag === 'ack' || received.tag === 'receipt') this.#delivery?.answered()
  }

  #query(companion: LinkedCompanion, request: Stanza): void {
    const { type } = request.attrs
    if (type === 'result' || type === 'error' || this.#isSpoiled(request)) return
    answerQuery({ request, companion, session: this, network: this.#network })
  }

  /** Whether a fault withholds or replaces the answer of this query. */
  #isSpoiled(request: Stanza): boolean {
    const { faults } = this.#network
    if (faults.withheldAnswers.strike(this.accountNumber, request) !== undefined) return true
    const error = faults.errorAnswers.strike(this.accountNumber, request)
    if (error === undefined) return false
    this.send(iqError(request, error.code, error.text))
    return true
  }

  #end(): void {
    this.#pings.stop()
    this.#delivery?.stop()
    this.#acks?.stop()
    if (this.#registration !== undefined) this.#network.linking.remove(this.#registration)
    this.#registration?.stop()
    this.#companion?.detach(this)
    this.#host.closed(this)
    this.#network.changed()
  }
}
