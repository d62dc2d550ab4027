import type { Logger } from 'pino'
import type { RawData, WebSocket } from 'ws'
import { DaemonError } from '../protocol/errors.ts'
import { CLOSE_CODES } from '../protocol/frames.ts'
import type { CloseReason, HelloFrame } from '../protocol/frames.ts'
import type { Topic } from '../protocol/methods.ts'
import type { AttemptLimit } from './attempt-limit.ts'
import type { Authenticator, Identity } from './authenticate.ts'
import type { ClientSession, SubscriptionStart } from './client-session.ts'
import { parseRequest } from './dispatch.ts'
import type { Answer, Dispatcher } from './dispatch.ts'
import type { EventHub, OutgoingEvent, Subscriber } from './event-hub.ts'
import type { ConnectionLimits } from './limits.ts'
import { OutboundQueue } from './outbound-queue.ts'
import { TokenBucket } from './token-bucket.ts'
import type { UnsentBudget } from './unsent-budget.ts'

/** `setTimeout` overflows beyond this. */
const MAX_TIMER_MS = 2_147_483_647

export interface ConnectionDependencies {
  dispatcher: Dispatcher
  authenticator: Authenticator
  attempts: AttemptLimit
  events: EventHub
  logger: Logger
  limits: ConnectionLimits
  unsent: UnsentBudget
  now: () => Date
}

/** One client on one socket: says hello, insists on authentication, answers requests, delivers events in order. */
export class Connection implements ClientSession, Subscriber {
  readonly #socket: WebSocket
  readonly #dependencies: ConnectionDependencies
  readonly #outbound: OutboundQueue
  readonly #requests: TokenBucket
  #identity: Identity | null = null
  #topics: ReadonlySet<Topic> | null = null
  #deadline: NodeJS.Timeout | null = null
  #expiry: NodeJS.Timeout | null = null
  #afterAnswer: (() => void) | null = null
  #closing: CloseReason | null = null
  #unansweredPings = 0
  #inFlight = 0
  #refusals = 0

  constructor(socket: WebSocket, dependencies: ConnectionDependencies) {
    this.#socket = socket
    this.#dependencies = dependencies
    this.#outbound = new OutboundQueue(socket, dependencies.unsent, () =>
      this.#terminate('the peer does not read'),
    )
    this.#requests = new TokenBucket(dependencies.limits.requests, dependencies.now().getTime())
  }

  /** Greets. `bearer` is a token that came with the upgrade; without it the first message has to bring one. */
  start(hello: HelloFrame, bearer: string | null): void {
    const { limits } = this.#dependencies
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    this.#socket.on('pong', () => (this.#unansweredPings = 0))
    this.#socket.on('error', (error) =>
      this.#dependencies.logger.debug({ err: error }, 'control socket failed'),
    )
    this.#socket.once('close', () => this.#cleanUp())
    this.#outbound.sendOrdered(JSON.stringify(hello))
    this.#deadline = setTimeout(() => this.close('authentication_timeout'), limits.authenticationMs)
    if (bearer === null) return
    const identity = this.#dependencies.authenticator.authenticate(bearer)
    if (identity === null) this.close(this.#failedAttempt())
    else this.#adopt(identity)
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

  authenticate(token: string): Identity {
    const identity = this.#dependencies.authenticator.authenticate(token)
    if (identity === null) {
      this.#closing = this.#failedAttempt()
      throw new DaemonError('unauthorized', { message: 'The token is not valid.' })
    }
    this.#adopt(identity)
    return identity
  }

  subscribe(topics: ReadonlySet<Topic> | null, since: number | undefined): SubscriptionStart {
    const { events } = this.#dependencies
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

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (isBinary) return this.close('binary_frame')
    const text = toText(data)
    const { limits } = this.#dependencies
    if (this.#identity === null && text.length > limits.unauthenticatedPayloadBytes)
      return this.close('payload_too_big')
    if (
      !this.#requests.take(this.#dependencies.now().getTime()) ||
      this.#inFlight >= limits.requestsInFlight
    ) {
      return this.#refuse(text)
    }
    this.#refusals = 0
    this.#handle(text)
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
    if (this.#identity === null && request.method !== 'session.authenticate') {
      this.#closing = 'unauthorized'
      return this.#answer(dispatcher.refusal(request.id, new DaemonError('unauthorized')))
    }
    this.#inFlight += 1
    void dispatcher
      .dispatch(request, this, (answer) => {
        if (answer.error !== null) this.#closeUnlessAuthenticated()
        this.#answer(answer)
      })
      .finally(() => (this.#inFlight -= 1))
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

  #failedAttempt(): CloseReason {
    const { attempts, logger } = this.#dependencies
    if (attempts.failed()) return 'too_many_attempts'
    logger.warn('a control client came with a wrong token')
    return 'unauthorized'
  }

  #adopt(identity: Identity): void {
    this.#identity = identity
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    if (this.#expiry !== null) clearTimeout(this.#expiry)
    if (identity.expiresAt === null) return
    const lifetimeMs = identity.expiresAt.getTime() - this.#dependencies.now().getTime()
    this.#expiry = setTimeout(
      () => this.close('token_expired'),
      Math.min(Math.max(0, lifetimeMs), MAX_TIMER_MS),
    )
  }

  #terminate(why: string): void {
    this.#dependencies.logger.warn({ why }, 'control socket cut off')
    this.#cleanUp()
    this.#socket.terminate()
  }

  #cleanUp(): void {
    this.#dependencies.events.remove(this)
    if (this.#deadline !== null) clearTimeout(this.#deadline)
    if (this.#expiry !== null) clearTimeout(this.#expiry)
  }
}

function toText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8')
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
