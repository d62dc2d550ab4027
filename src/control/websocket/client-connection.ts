import type { Logger } from 'pino'
import type { RawData, WebSocket } from 'ws'
import { CLOSE_CODES } from '../../protocol/close-codes.ts'
import type { CloseReason } from '../../protocol/close-codes.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { Topic } from '../../protocol/events.ts'
import type { HelloFrame } from '../../protocol/frames.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import type { Authenticator, Identity, Refusal } from '../auth/authenticate.ts'
import type { EventHub, Subscriber } from '../events/event-hub.ts'
import type { OutgoingEvent } from '../events/outgoing-event.ts'
import type { ClientSession, SubscriptionStart } from '../handlers/handler.ts'
import type { HolderLimits } from '../limits/holder-limits.ts'
import type { ConnectionLimits } from '../limits/limits.ts'
import type { LogAllowance } from '../limits/log-allowance.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import { ConnectionIdentity } from './connection-identity.ts'
import type { Dispatcher } from './dispatcher.ts'
import { OutboundQueue } from './outbound-queue.ts'
import { RequestLoop } from './request-loop.ts'
import { SocketPeer } from './socket-peer.ts'
import type { UnsentBudget } from './unsent-budget.ts'

export interface ClientConnectionDeps {
  dispatcher: Dispatcher
  authenticator: Authenticator
  attempts: AttemptLimit
  holders: HolderLimits
  events: EventHub
  logger: Logger
  limits: ConnectionLimits
  unsent: UnsentBudget
  /** Bound the log lines that clients cause by being cut off, and by subscribing without the scope `read`. */
  lines: Readonly<Record<'cutOff' | 'blind', LogAllowance>>
  /** It has another identity now. */
  identified: () => void
  now: () => Date
}

interface ConnectionEnds {
  /** Where the client comes from: wrong tokens are counted by it. */
  source: string
  /** The daemon's end, `host:port`. */
  localAddress: string
}

/** One client on one socket: says hello, insists on authentication, answers requests, delivers events in order. */
export class ClientConnection implements ClientSession, Subscriber {
  readonly source: string
  readonly localAddress: string
  readonly peer: SocketPeer
  readonly #socket: WebSocket
  readonly #deps: ClientConnectionDeps
  readonly #identity: ConnectionIdentity
  readonly #loop: RequestLoop
  readonly #outbound: OutboundQueue
  readonly #requests: TokenBucket
  /** While it answers turns: pieces of answers come by the word. */
  readonly #answers: TokenBucket
  /** Pings and pongs, which belong to no request. */
  readonly #beats: TokenBucket
  #topics: ReadonlySet<Topic> | null = null
  #deadline: NodeJS.Timeout | undefined
  #unansweredPings = 0

  constructor(socket: WebSocket, { source, localAddress }: ConnectionEnds, deps: ClientConnectionDeps) {
    this.source = source
    this.localAddress = localAddress
    this.#socket = socket
    this.#deps = deps
    const { dispatcher, limits, now, unsent } = deps
    const isOpen = (): boolean => this.#isOpen
    this.#identity = new ConnectionIdentity({ ...deps, source, isOpen })
    this.#loop = new RequestLoop({
      dispatcher,
      session: this,
      limits,
      takeRequest: () => this.#takeRequest(),
      isOpen,
      send: (text) => this.#outbound.sendOrdered(text),
      close: (reason) => this.close(reason),
    })
    this.#outbound = new OutboundQueue(
      socket,
      unsent,
      () => this.#terminate('the peer does not read'),
      () => this.identity?.holder ?? '',
    )
    this.peer = new SocketPeer((text, written) => this.#outbound.sendOrdered(text, written))
    this.#requests = new TokenBucket(limits.requests, now().getTime())
    this.#answers = new TokenBucket(limits.answers, now().getTime())
    this.#beats = new TokenBucket(limits.controlFrames, now().getTime())
  }

  /** Greets. `bearer` is what the token that came with the upgrade was found to be; without one the first message has to bring it. */
  start(hello: HelloFrame, bearer: Identity | Refusal | null): void {
    const { dispatcher, limits, logger } = this.#deps
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('ping', () => this.#countBeat())
    this.#socket.on('pong', () => {
      this.#unansweredPings = 0
      this.#countBeat()
    })
    this.#socket.on('error', (error) => logger.debug({ err: error }, 'control socket failed'))
    this.#socket.once('close', () => {
      this.#cleanUp()
      this.#identity.leave()
    })
    this.#outbound.sendOrdered(JSON.stringify(hello))
    this.#deadline = setTimeout(() => this.close('authentication_timeout'), limits.authenticationMs)
    if (bearer === null) return
    const notTaken = this.#identity.adopt(bearer)
    if (notTaken === null) return clearTimeout(this.#deadline)
    // A close frame has no room for the reason.
    this.#outbound.sendOrdered(dispatcher.refusal(null, notTaken.error).text)
    this.close(notTaken.close)
  }

  get identity(): Identity | null {
    return this.#identity.current
  }

  get topics(): ReadonlySet<Topic> | null {
    return this.#topics
  }

  scopes(): Identity['scopes'] {
    return this.identity?.scopes ?? []
  }

  deliver(event: OutgoingEvent): void {
    if (event.coalesceKey === null) this.#outbound.sendOrdered(event.text)
    else this.#outbound.sendCoalescable(event.text, event.coalesceKey)
  }

  async authenticate(token: string): Promise<Identity> {
    const identity = await this.#identity.authenticate(token, (reason) => this.#loop.closeAfterAnswer(reason))
    this.#deps.identified()
    clearTimeout(this.#deadline)
    if (!identity.scopes.includes('agent')) this.peer.leave()
    return identity
  }

  subscribe(topics: ReadonlySet<Topic> | null, since: number | undefined): SubscriptionStart {
    const { events, holders } = this.#deps
    if (this.identity !== null && !holders.subscribe(this.identity)) {
      throw new DaemonError('rate_limited', {
        message: 'Too many subscriptions with this token.',
        action: 'Subscribe once a connection, and wait a second before the next one.',
        details: { reason: 'too_many_subscriptions' },
      })
    }
    this.#warnOfBlindness()
    // What is on its way still belongs to the subscription that this one replaces.
    events.flush()
    events.remove(this)
    this.#topics = topics
    const replay = events.replay(this, since)
    this.#loop.afterAnswer(() => {
      for (const event of replay.events) this.#outbound.sendOrdered(event.text)
      events.add(this)
    })
    return { eventId: replay.eventId, replayed: replay.events.length, gap: replay.gap }
  }

  /** Closes the socket when its token has expired, or would no longer be accepted. Called whenever that may be so. */
  checkIdentity(): void {
    const reason = this.#isOpen ? this.#identity.closeReason() : null
    if (reason !== null) this.close(reason)
  }

  /** Makes room for another one, at once: a client that waits without a token gets no closing handshake. */
  giveWay(): void {
    this.#cleanUp()
    this.#socket.terminate()
  }

  /** Called once a heartbeat interval; cuts off a peer that left two pings unanswered. */
  beat(): void {
    if (this.#unansweredPings >= 2) {
      this.#terminate('two pings unanswered')
      return
    }
    this.#unansweredPings += 1
    if (this.#isOpen) this.#socket.ping()
  }

  /** Starts the closing handshake; the socket is destroyed when the peer does not answer it in time. */
  close(reason: CloseReason): void {
    this.#deps.events.remove(this)
    this.peer.leave()
    this.#socket.close(CLOSE_CODES[reason].code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), this.#deps.limits.closeMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** False when this socket, or its holder on all sockets, sent too many requests lately. */
  #takeRequest(): boolean {
    const { holders, now } = this.#deps
    if (this.peer.isAttached) return this.#answers.take(now().getTime())
    if (!this.#requests.take(now().getTime())) return false
    return this.identity === null || holders.request(this.identity)
  }

  #countBeat(): void {
    if (this.#isOpen && !this.#beats.take(this.#deps.now().getTime())) this.close('too_many_attempts')
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#identity.hasExpired) this.checkIdentity()
    if (!this.#isOpen) return
    if (isBinary) return this.close('binary_frame')
    const bytes = toBuffer(data)
    if (this.identity === null && bytes.length > this.#deps.limits.unauthenticatedPayloadBytes)
      return this.close('payload_too_big')
    this.#loop.receive(bytes.toString('utf8'))
  }

  /** An agent needs no `read`; a page without it shows nothing, and its developer looks here. */
  #warnOfBlindness(): void {
    const scopes = this.scopes()
    if (scopes.includes('read') || scopes.includes('agent')) return
    const { lines, logger } = this.#deps
    lines.blind.line((leftOut) =>
      logger.warn(
        {
          reason: 'scope_missing',
          scopes,
          action:
            'Issue tokens with the scope read (claim "scope"), or set whatsappd.auth.claims.defaultScopes for tokens without that claim.',
          leftOut,
        },
        'a client subscribed with a token without the scope read: it is shown no account',
      ),
    )
  }

  #terminate(why: string): void {
    const { lines, logger } = this.#deps
    lines.cutOff.line((leftOut) => logger.warn({ why, leftOut }, 'control socket cut off'))
    this.#cleanUp()
    this.#socket.terminate()
  }

  #cleanUp(): void {
    this.#deps.events.remove(this)
    clearTimeout(this.#deadline)
    this.peer.leave()
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? Buffer.from(data) : data
}
