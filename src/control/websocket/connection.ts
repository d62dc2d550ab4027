import type { Logger } from 'pino'
import type { RawData, WebSocket } from 'ws'
import { DaemonError } from '../../protocol/errors.ts'
import { CLOSE_CODES } from '../../protocol/close-codes.ts'
import type { HelloFrame } from '../../protocol/frames.ts'
import type { CloseReason } from '../../protocol/close-codes.ts'
import type { Topic } from '../../protocol/events.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import type { Authenticator, Identity } from '../auth/authenticate.ts'
import type { ClientSession, SubscriptionStart } from './client-session.ts'
import { parseRequest } from './dispatch.ts'
import type { Answer, Dispatcher } from './dispatch.ts'
import type { EventHub, OutgoingEvent, Subscriber } from '../events/event-hub.ts'
import type { HolderLimits } from '../limits/holder-limits.ts'
import type { ConnectionLimits } from '../limits/limits.ts'
import type { LogAllowance } from '../limits/log-allowance.ts'
import { OutboundQueue } from './outbound-queue.ts'
import { TokenBucket } from '../limits/token-bucket.ts'
import { TOKEN_REFUSALS } from '../../protocol/token-refusals.ts'
import type { TokenRefusal } from '../../protocol/token-refusals.ts'
import type { UnsentBudget } from './unsent-budget.ts'

export interface ConnectionDependencies {
  dispatcher: Dispatcher
  authenticator: Authenticator
  attempts: AttemptLimit
  holders: HolderLimits
  events: EventHub
  logger: Logger
  limits: ConnectionLimits
  unsent: UnsentBudget
  /** Bound the log lines that clients cause with wrong tokens, and by being cut off. */
  lines: { refused: LogAllowance; cutOff: LogAllowance }
  now: () => Date
}

interface ConnectionEnds {
  /** Where the client comes from: wrong tokens are counted by it. */
  source: string
  /** The daemon's end, `host:port`. */
  localAddress: string
}

/** Proofs for one socket without a token: nobody needs a second one, and each costs more than its request. */
const MAX_PROOFS = 4

/** One client on one socket: says hello, insists on authentication, answers requests, delivers events in order. */
export class Connection implements ClientSession, Subscriber {
  readonly #socket: WebSocket
  readonly #dependencies: ConnectionDependencies
  readonly #outbound: OutboundQueue
  readonly #requests: TokenBucket
  /** Pings and pongs, which belong to no request. */
  readonly #beats: TokenBucket
  readonly #ends: ConnectionEnds
  #isVerifying = false
  /** What arrived while a token was being verified. */
  #held: string[] = []
  #identity: Identity | null = null
  #topics: ReadonlySet<Topic> | null = null
  #deadline: NodeJS.Timeout | null = null
  #afterAnswer: (() => void) | null = null
  #closing: CloseReason | null = null
  #unansweredPings = 0
  #inFlight = 0
  #refusals = 0
  #proofs = 0

  constructor(socket: WebSocket, ends: ConnectionEnds, dependencies: ConnectionDependencies) {
    this.#socket = socket
    this.#ends = ends
    this.#dependencies = dependencies
    this.#outbound = new OutboundQueue(
      socket,
      dependencies.unsent,
      () => this.#terminate('the peer does not read'),
      () => this.#identity?.holder ?? '',
    )
    const nowMs = dependencies.now().getTime()
    this.#requests = new TokenBucket(dependencies.limits.requests, nowMs)
    this.#beats = new TokenBucket(dependencies.limits.controlFrames, nowMs)
  }

  /** Greets. `bearer` tells of the token that came with the upgrade; without one the first message has to bring it. */
  start(hello: HelloFrame, bearer: Identity | TokenRefusal | null): void {
    const { limits, logger } = this.#dependencies
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('ping', () => this.#countBeat())
    this.#socket.on('pong', () => {
      this.#unansweredPings = 0
      this.#countBeat()
    })
    this.#socket.on('error', (error) => logger.debug({ err: error }, 'control socket failed'))
    this.#socket.once('close', () => {
      this.#cleanUp()
      this.#leavePlace()
    })
    this.#outbound.sendOrdered(JSON.stringify(hello))
    this.#deadline = setTimeout(() => this.close('authentication_timeout'), limits.authenticationMs)
    if (bearer === null) return
    const refusal = this.#adopt(bearer)
    if (refusal === 'too_many_connections') this.close(refusal)
    else if (refusal !== null) this.close(this.#failedAttempt(refusal))
  }

  get source(): string {
    return this.#ends.source
  }

  get localAddress(): string {
    return this.#ends.localAddress
  }

  get identity(): Identity | null {
    return this.#identity
  }

  get topics(): ReadonlySet<Topic> | null {
    return this.#topics
  }

  scopes(): Identity['scopes'] {
    return this.#identity?.scopes ?? []
  }

  deliver(event: OutgoingEvent): void {
    if (event.coalesceKey === null) this.#outbound.sendOrdered(event.text)
    else this.#outbound.sendCoalescable(event.text, event.coalesceKey)
  }

  async authenticate(token: string): Promise<Identity> {
    const verdict = await this.#dependencies.authenticator.authenticate(token)
    const refusal = this.#adopt(verdict)
    if (refusal === null && typeof verdict !== 'string') return verdict
    if (refusal === 'too_many_connections') {
      this.#closing = refusal
      throw new DaemonError('rate_limited', {
        message: 'This token has as many connections open as it may, or no place is left for it.',
        action: 'Close some of them (other pages and programs with the same token), then try again.',
        details: { reason: refusal },
      })
    }
    const reason = refusal ?? 'invalid_token'
    this.#closing = this.#failedAttempt(reason)
    throw new DaemonError('unauthorized', { message: TOKEN_REFUSALS[reason], details: { reason } })
  }

  subscribe(topics: ReadonlySet<Topic> | null, since: number | undefined): SubscriptionStart {
    const { events, holders } = this.#dependencies
    if (this.#identity !== null && !holders.subscribe(this.#identity)) {
      throw new DaemonError('rate_limited', {
        message: 'Too many subscriptions with this token.',
        action: 'Subscribe once a connection, and wait a second before the next one.',
        details: { reason: 'too_many_subscriptions' },
      })
    }
    // What is on its way still belongs to the subscription that this one replaces.
    events.flush()
    events.remove(this)
    this.#topics = topics
    const replay = events.replay(this, since)
    this.#afterAnswer = () => {
      for (const event of replay.events) this.#outbound.sendOrdered(event.text)
      events.add(this)
    }
    return { eventId: replay.eventId, replayed: replay.events.length, gap: replay.gap }
  }

  /** Closes the socket when its token has expired, or no longer holds. Called at least twice a second. */
  checkIdentity(): void {
    const identity = this.#identity
    if (identity === null || this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#hasExpired(identity)) this.close('token_expired')
    else if (!identity.holds()) this.close('token_withdrawn')
  }

  /** Makes room for another one, at once: whoever waits without a token gets no handshake. */
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
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  /** Starts the closing handshake; the socket is destroyed when the peer does not answer it in time. */
  close(reason: CloseReason): void {
    this.#dependencies.events.remove(this)
    this.#socket.close(CLOSE_CODES[reason].code, reason)
    const timer = setTimeout(() => this.#socket.terminate(), this.#dependencies.limits.closeMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  /** False when this socket, or whoever holds it with others, asked for too much lately. */
  #takeRequest(): boolean {
    const { holders, now } = this.#dependencies
    if (!this.#requests.take(now().getTime())) return false
    return this.#identity === null || holders.request(this.#identity)
  }

  #countBeat(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (!this.#beats.take(this.#dependencies.now().getTime())) this.close('too_many_attempts')
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#identity !== null && this.#hasExpired(this.#identity)) this.checkIdentity()
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (isBinary) return this.close('binary_frame')
    const bytes = toBuffer(data)
    const { limits } = this.#dependencies
    if (this.#identity === null && bytes.length > limits.unauthenticatedPayloadBytes)
      return this.close('payload_too_big')
    const text = bytes.toString('utf8')
    const waiting = this.#inFlight + this.#held.length
    if (!this.#takeRequest() || waiting >= limits.requestsInFlight) return this.#refuse(text)
    this.#refusals = 0
    // Requests are judged by the token that was sent before them.
    if (this.#isVerifying) this.#held.push(text)
    else this.#handle(text)
  }

  #handle(text: string): void {
    const { dispatcher } = this.#dependencies
    let request
    try {
      request = parseRequest(text)
    } catch (error) {
      this.#closeUnlessAuthenticated()
      return this.#answer(dispatcher.refusal(requestIdOf(text), error))
    }
    const authenticates = request.method === 'session.authenticate'
    if (this.#identity === null && !authenticates) {
      if (request.method === 'session.prove') this.#proofs += 1
      else this.#closing = 'unauthorized'
      if (this.#proofs > MAX_PROOFS) this.#closing = 'too_many_attempts'
      const code = this.#closing === 'unauthorized' ? 'unauthorized' : 'rate_limited'
      if (this.#closing !== null) return this.#answer(dispatcher.refusal(request.id, new DaemonError(code)))
    }
    this.#inFlight += 1
    if (authenticates) this.#isVerifying = true
    void dispatcher
      .dispatch(request, this, (answer) => {
        if (answer.error !== null) this.#closeUnlessAuthenticated()
        this.#answer(answer)
      })
      .finally(() => {
        this.#inFlight -= 1
        if (authenticates) this.#release()
      })
  }

  /** Goes on with what was held; another token among it holds the rest back again. */
  #release(): void {
    const held = this.#held
    this.#held = []
    this.#isVerifying = false
    for (const text of held) {
      if (this.#socket.readyState !== this.#socket.OPEN) return
      if (this.#isVerifying) this.#held.push(text)
      else this.#handle(text)
    }
  }

  #answer(answer: Answer): void {
    this.#outbound.sendOrdered(answer.text)
    const after = this.#afterAnswer
    this.#afterAnswer = null
    if (answer.error === null) after?.()
    if (this.#closing !== null) this.close(this.#closing)
  }

  /** Nobody gets a second try on one socket. */
  #closeUnlessAuthenticated(): void {
    if (this.#identity === null) this.#closing ??= 'unauthorized'
  }

  #refuse(text: string): void {
    this.#refusals += 1
    if (this.#refusals > this.#dependencies.limits.refusalsBeforeClose) this.#closing = 'too_many_attempts'
    const error = new DaemonError('rate_limited', { action: 'Wait a second, then try again.' })
    this.#answer(this.#dependencies.dispatcher.refusal(requestIdOf(text), error))
  }

  #failedAttempt(reason: TokenRefusal): CloseReason {
    const { attempts, lines, logger } = this.#dependencies
    if (attempts.failed(this.source)) return 'too_many_attempts'
    lines.refused.line((leftOut) =>
      logger.warn({ reason, leftOut }, 'a control client came with a token that does not count'),
    )
    return 'unauthorized'
  }

  /** Why not, or `null` when the identity is this connection's from now on. */
  #adopt(verdict: Identity | TokenRefusal): TokenRefusal | 'too_many_connections' | null {
    if (typeof verdict === 'string') return verdict
    // Something may have changed while the signature was verified.
    if (!verdict.holds()) return 'token_revoked'
    this.#leavePlace()
    // A socket that is gone already would never give its place back.
    if (this.#socket.readyState !== this.#socket.OPEN) return 'too_many_connections'
    if (!this.#dependencies.holders.enter(verdict)) return 'too_many_connections'
    this.#identity = verdict
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    return null
  }

  #leavePlace(): void {
    if (this.#identity !== null) this.#dependencies.holders.leave(this.#identity)
    this.#identity = null
  }

  #hasExpired({ expiresAt }: Identity): boolean {
    return expiresAt !== null && expiresAt <= this.#dependencies.now()
  }

  #terminate(why: string): void {
    const { lines, logger } = this.#dependencies
    lines.cutOff.line((leftOut) => logger.warn({ why, leftOut }, 'control socket cut off'))
    this.#cleanUp()
    this.#socket.terminate()
  }

  #cleanUp(): void {
    this.#dependencies.events.remove(this)
    if (this.#deadline !== null) clearTimeout(this.#deadline)
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? Buffer.from(data) : data
}

/** The id of a request that is refused unread, where it has one, so that its caller need not wait for the timeout. */
function requestIdOf(text: string): string | number | null {
  try {
    const id = (JSON.parse(text) as { id?: unknown } | null)?.id
    if (typeof id === 'string' && id.length > 0 && id.length <= 128) return id
    return typeof id === 'number' && Number.isSafeInteger(id) ? id : null
  } catch {
    return null
  }
}
