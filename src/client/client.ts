import { afterFailure } from './after-failure.ts'
import { backoffDelayMs } from './backoff.ts'
import { DaemonSocket } from './daemon-socket.ts'
import { findCause, offline } from './find-cause.ts'
import { Emitter } from './emitter.ts'
import { obtainToken } from './obtain-token.ts'
import { PolicyWatch } from './policy-watch.ts'
import { ReadyWaiters } from './ready-waiters.ts'
import { RequestError } from './request-error.ts'
import type { Access } from './daemon-socket.ts'
import type { Fetch } from './find-cause.ts'
import type { ClientEvents, ClientState, EventMeta, Subscription } from './client-events.ts'
import type { ClientWebSocketConstructor } from './web-socket.ts'
import type { EventName, Topic } from '../protocol/events.ts'
import type { MethodName, MethodParams, MethodResult } from '../protocol/methods.ts'

const DEFAULT_REQUEST_TIMEOUT_MS = 15_000
const DEFAULT_PING_INTERVAL_MS = 25_000
const DEFAULT_PING_TIMEOUT_MS = 4_000
const CAUSE_TIMEOUT_MS = 5_000

export interface WhatsappdClientOptions {
  /** Of the control plane, such as `ws://127.0.0.1:8765/v1/ws`. */
  url: string
  /**
   * A function is asked anew for every connection, and once more when its token was refused or has expired. When it fails, or
   * answers with nothing within `requestTimeoutMs`, it is asked again later; with an error whose `code` is `unauthorized` it
   * says that there will be none.
   */
  token: string | (() => string | Promise<string>)
  /** Needed where there is no global one: on Node 20 that of the package `ws`. */
  WebSocket?: ClientWebSocketConstructor
  /** Namespaces of events to get; without it all of them. */
  topics?: Topic[]
  /** `false`: the first failure ends the client instead of being tried again. */
  reconnect?: boolean
  requestTimeoutMs?: number
  /** Asks whether the daemon or the way to it is gone; the global one by default. */
  fetch?: Fetch
  pingIntervalMs?: number
  /** A daemon that leaves a ping unanswered for so long, and sends nothing else, is lost; 4,000 by default. */
  pingTimeoutMs?: number
  /** In [0, 1); spreads reconnects. */
  random?: () => number
}

/**
 * A live connection to the daemon: typed requests, and events after a snapshot. It reconnects by itself
 * and resumes after the last event it saw, so that no stored event is missed or emitted twice.
 */
export class WhatsappdClient {
  readonly #options: WhatsappdClientOptions
  readonly #emitter = new Emitter<ClientEvents>()
  #state: ClientState = 'closed'
  #connection: DaemonSocket | null = null
  readonly #waiters = new ReadyWaiters()
  /** Why the last attempt failed, since the client was ready or `connect()` began anew. */
  #lastFailure: RequestError | null = null
  #failures = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setInterval> | undefined
  #lastEventId: number | undefined
  #snapshotEventId = 0
  #clockOffsetMs = 0
  #lastHeardAt: number | null = null
  #access: Access | null = null
  /** Whether the last token was refused, so that the next refusal is final. */
  #wasRefused = false
  /** Grows with every attempt and every `close()`, so that late answers of an older one change nothing. */
  #generation = 0

  constructor(options: WhatsappdClientOptions) {
    this.#options = options
  }

  get state(): ClientState {
    return this.#state
  }

  /** Milliseconds to add to the local clock to get the daemon's; makes countdowns true. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs
  }

  /** When the daemon last sent anything, milliseconds since 1970 by the local clock: what is known of it is of then; `null` before. */
  get lastHeardAt(): number | null {
    return this.#lastHeardAt
  }

  /** Whether this daemon, which may be older or newer, lets this token call `method`; false before the first `ready`. */
  can(method: string): boolean {
    return this.#access?.methods.includes(method) ?? false
  }

  /** What the token may do and until when; `null` before the first `ready`. */
  get access(): Access | null {
    return this.#access
  }

  /**
   * Resolves when the client is ready. Rejects with `RequestError` when the token is refused, when `close()` is called
   * first, where no attempt can succeed (`websocket_missing`, `invalid_url`), and with `reconnect: false` at the first failure.
   * Without `timeoutMs` it waits for a daemon that is away for as long as that takes. After `timeoutMs` it rejects with what failed
   * last, or with `timeout`; if it was this call that began, and no other one waits, the client is then closed. Calling it
   * again while connected is harmless.
   */
  connect({ timeoutMs }: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#state === 'ready') return Promise.resolve()
    const begins = this.#isOver
    const waiting = this.#waiters.wait(timeoutMs, () => this.#late(begins))
    if (!begins) this.retryNow()
    else {
      this.#lastFailure = null
      this.#attempt()
    }
    return waiting
  }

  #late(begins: boolean): RequestError {
    const error =
      this.#lastFailure ??
      new RequestError('timeout', 'The daemon did not answer in time.', { retryable: true })
    if (begins && this.#waiters.size === 0 && this.#state !== 'ready') this.#finish('closed', error)
    return error
  }

  /** Ends the connection and every retry; requests under way are rejected with `closed`. */
  close(): void {
    this.#finish('closed', null)
  }

  /** `error` is why it ends by itself. */
  #finish(state: ClientState, error: RequestError | null): void {
    this.#generation++
    this.#stopTimers()
    const connection = this.#connection
    this.#connection = null
    this.#setState(state, error)
    const closed = error ?? new RequestError('closed', 'The client was closed.')
    connection?.end(closed)
    this.#waiters.settle(closed)
  }

  /** Skips what is left of the wait before the next attempt, for when the network is known to be back. */
  retryNow(): void {
    if (this.#retryTimer !== undefined) this.#attempt()
  }

  /**
   * For when the network may have changed: asks at once whether the daemon still answers, which it must within `pingTimeoutMs`;
   * between two attempts it skips what is left of the wait. An attempt that is under way begins anew after that time.
   */
  probe(): void {
    const { pingTimeoutMs = DEFAULT_PING_TIMEOUT_MS } = this.#options
    if (this.#state === 'ready') this.#ping()
    else if (this.#retryTimer !== undefined) this.#attempt()
    else if (!this.#isOver && this.#failures > 0)
      this.#retryTimer = setTimeout(() => this.#attempt(), pingTimeoutMs)
  }

  /** Calls `method`. Rejects with `RequestError`; at once with `daemon_offline` while the client is not ready. */
  request<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
    options: { timeoutMs?: number } = {},
  ): Promise<MethodResult<Name>> {
    if (this.#connection === null || this.#state !== 'ready') {
      return Promise.reject(offline())
    }
    return this.#connection.request(method, params, options.timeoutMs ?? this.#requestTimeoutMs)
  }

  /** Calls `listener` for every `event` from now on; the answer takes it off again. */
  on<Name extends keyof ClientEvents>(
    event: Name,
    listener: (...values: ClientEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(event, listener)
  }

  /** Whether nothing follows by itself. */
  get #isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'unauthorized'
  }

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS
  }

  #attempt(): void {
    this.#stopTimers()
    const generation = ++this.#generation
    this.#connection?.end(offline())
    this.#connection = null
    if (this.#isOver) this.#setState('connecting')
    void this.#openWithToken(generation)
  }

  async #openWithToken(generation: number): Promise<void> {
    const { token } = this.#options
    let current: string
    try {
      current = await obtainToken(token, this.#requestTimeoutMs)
    } catch (error) {
      if (generation !== this.#generation) return
      const failure = error as RequestError // nothing else is thrown there
      // Asked once more the function would say the same.
      this.#wasRefused ||= failure.code === 'unauthorized'
      this.#fail(failure)
      return
    }
    if (generation === this.#generation) this.#open(current, generation)
  }

  #open(token: string, generation: number): void {
    const { url, topics } = this.#options
    const WebSocket = this.#options.WebSocket ?? webSocketOfRuntime()
    if (WebSocket === null) return this.#fail(webSocketMissing())
    const policy = new PolicyWatch(url)
    this.#connection = new DaemonSocket({
      url,
      WebSocket,
      token,
      subscribe: {
        ...(this.#lastEventId === undefined ? {} : { since: this.#lastEventId }),
        ...(topics === undefined ? {} : { topics }),
      },
      requestTimeoutMs: this.#requestTimeoutMs,
      onSubscribed: (subscription, access) => {
        policy.stop()
        this.#subscribed(subscription, access)
      },
      onNotification: (method, params) => this.#notify(method, params),
      onFrame: () => (this.#lastHeardAt = Date.now()),
      onEnd: (error) => {
        if (generation === this.#generation) void this.#failWithCause(error, generation, policy)
        else policy.stop()
      },
    })
    this.#connection.open()
  }

  #subscribed(subscription: Subscription, access: Access): void {
    this.#stopTimers()
    this.#failures = 0
    this.#lastFailure = null
    this.#wasRefused = false
    this.#access = access
    // Nothing to replay also when the daemon's log began anew: its numbers are smaller then.
    if (this.#lastEventId === undefined || subscription.replayed === 0 || subscription.gap) {
      this.#lastEventId = subscription.eventId
    }
    this.#snapshotEventId = subscription.eventId
    this.#clockOffsetMs = Date.parse(subscription.at) - Date.now()
    this.#pingTimer = setInterval(
      () => this.#ping(),
      this.#options.pingIntervalMs ?? DEFAULT_PING_INTERVAL_MS,
    )
    this.#setState('ready')
    this.#emitter.emit('snapshot', subscription)
    this.#waiters.settle(null)
  }

  #notify(method: string, params: Record<string, unknown>): void {
    // Some payloads have an `at` of their own; on the wire it is the same field.
    const { eventId, ...payload } = params
    const { at } = params
    if (typeof at !== 'string') return
    const numbered = typeof eventId === 'number'
    if (numbered) {
      if (this.#lastEventId !== undefined && eventId <= this.#lastEventId) return
      this.#lastEventId = eventId
    }
    const meta: EventMeta = {
      eventId: numbered ? eventId : null,
      at,
      replayed: numbered && eventId <= this.#snapshotEventId,
    }
    // The daemon parses every event with its schema before it sends it; unknown names have no listeners.
    this.#emitter.emit(method as EventName, payload as never, meta)
  }

  #ping(): void {
    const connection = this.#connection
    const { pingTimeoutMs = DEFAULT_PING_TIMEOUT_MS } = this.#options
    const timeoutMs = Math.min(pingTimeoutMs, this.#requestTimeoutMs)
    const sentAt = Date.now()
    connection?.request('session.ping', {}, timeoutMs).catch((error: unknown) => {
      if (!(error instanceof RequestError) || error.code !== 'timeout') return
      // On a slow way the answer may be behind other frames.
      if (this.#lastHeardAt !== null && this.#lastHeardAt >= sentAt) return this.#ping()
      connection.end(
        new RequestError('connection_lost', 'The daemon stopped answering.', { retryable: true }),
      )
    })
  }

  /** A socket that never opened gives no reason; what answers at its address tells more. */
  async #failWithCause(error: RequestError, generation: number, policy: PolicyWatch): Promise<void> {
    this.#connection = null
    this.#stopTimers()
    const { url, fetch = globalThis.fetch.bind(globalThis) } = this.#options
    const attempt = { url, cause: error.cause, policy }
    const cause = error.code === 'daemon_offline' ? await findCause(attempt, fetch, CAUSE_TIMEOUT_MS) : error
    policy.stop()
    if (generation === this.#generation) this.#fail(cause)
  }

  #fail(failure: RequestError): void {
    this.#connection = null
    this.#stopTimers()
    const { random = Math.random, reconnect = true, token } = this.#options
    const next = afterFailure(failure, {
      hasTokenFunction: typeof token !== 'string',
      wasRefused: this.#wasRefused,
      reconnects: reconnect,
    })
    if (next.step === 'renew') {
      this.#wasRefused = true
      return this.#attempt()
    }
    const { state, error } = next
    this.#lastFailure = error
    if (next.step === 'end') return this.#finish(state, error)
    const retryInMs = backoffDelayMs(++this.#failures, random)
    this.#retryTimer = setTimeout(() => this.#attempt(), retryInMs)
    this.#setState(state, error, retryInMs)
  }

  #setState(state: ClientState, error: RequestError | null = null, retryInMs: number | null = null): void {
    const unchanged = state === this.#state && error === null && retryInMs === null
    this.#state = state
    if (!unchanged) this.#emitter.emit('state', { state, error, retryInMs })
  }

  #stopTimers(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    clearInterval(this.#pingTimer)
  }
}

/** A runtime without one, such as Node 20, has no such property, whatever the types say. */
function webSocketOfRuntime(): ClientWebSocketConstructor | null {
  const found: unknown = Reflect.get(globalThis, 'WebSocket')
  return typeof found === 'function' ? globalThis.WebSocket : null
}

function webSocketMissing(): RequestError {
  return new RequestError('websocket_missing', 'This JavaScript runtime has no WebSocket of its own.', {
    action:
      "Pass one to the client: import { WebSocket } from 'ws', then new WhatsappdClient({ …, WebSocket }). Node 22 and browsers need none.",
  })
}
