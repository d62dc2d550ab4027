import { backoffDelayMs } from './backoff.ts'
import { DaemonSocket } from './daemon-socket.ts'
import { findCause, offline } from './find-cause.ts'
import { Emitter } from './emitter.ts'
import { obtainToken } from './obtain-token.ts'
import { RequestError } from './request-error.ts'
import type { Access } from './daemon-socket.ts'
import type { Fetch } from './find-cause.ts'
import type { ClientEvents, ClientState, EventMeta, Subscription } from './client-events.ts'
import type { ClientWebSocketConstructor } from './web-socket.ts'
import type { EventName, Topic } from '../protocol/events.ts'
import type { MethodName, MethodParams, MethodResult } from '../protocol/methods.ts'

const DEFAULT_REQUEST_TIMEOUT_MS = 15_000
const DEFAULT_PING_INTERVAL_MS = 25_000
const CAUSE_TIMEOUT_MS = 5_000

/** What the client is between two attempts, after failures that are not the daemon's. */
const STATE_AFTER: Partial<Record<string, ClientState>> = {
  tunnel_unreachable: 'tunnel_unreachable',
  websocket_refused: 'tunnel_unreachable',
  token_unavailable: 'token_unavailable',
}

export interface WhatsappdClientOptions {
  /** Of the control plane, such as `ws://127.0.0.1:8765/v1/ws`. */
  url: string
  /**
   * A function is asked anew for every connection, and once more when its token was refused or has expired. When it fails, or
   * answers with nothing within `requestTimeoutMs`, it is asked again later; with an error whose `code` is `unauthorized` it
   * says that there will be none.
   */
  token: string | (() => string | Promise<string>)
  /** Needed where there is no global one, such as `ws` on Node 20. */
  WebSocket?: ClientWebSocketConstructor
  /** Namespaces of events to get; without it all of them. */
  topics?: Topic[]
  /** `false`: the first failure ends the client instead of being tried again. */
  reconnect?: boolean
  requestTimeoutMs?: number
  /** Asks whether the daemon or the way to it is gone; the global one by default. */
  fetch?: Fetch
  pingIntervalMs?: number
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
  #waiters: { resolve: () => void; reject: (error: RequestError) => void }[] = []
  #failures = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #pingTimer: ReturnType<typeof setInterval> | undefined
  #lastEventId: number | undefined
  #snapshotEventId = 0
  #clockOffsetMs = 0
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
   * first, and with `reconnect: false` at the first failure. Calling it again while connected is harmless.
   */
  connect(): Promise<void> {
    if (this.#state === 'ready') return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      if (this.#state === 'closed' || this.#state === 'unauthorized') this.#attempt()
      else this.retryNow()
    })
  }

  /** Ends the connection and every retry; requests under way are rejected with `closed`. */
  close(): void {
    const error = new RequestError('closed', 'The client was closed.')
    this.#generation++
    this.#stopTimers()
    const connection = this.#connection
    this.#connection = null
    this.#setState('closed')
    connection?.end(error)
    this.#settleWaiters(error)
  }

  /** Skips what is left of the wait before the next attempt, for when the network is known to be back. */
  retryNow(): void {
    if (this.#retryTimer !== undefined) this.#attempt()
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

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS
  }

  #attempt(): void {
    this.#stopTimers()
    const generation = ++this.#generation
    if (this.#state === 'closed' || this.#state === 'unauthorized') this.#setState('connecting')
    void this.#openWithToken(generation)
  }

  async #openWithToken(generation: number): Promise<void> {
    const { token } = this.#options
    let current: string
    try {
      current = typeof token === 'string' ? token : await obtainToken(token, this.#requestTimeoutMs)
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
    this.#connection = new DaemonSocket({
      url,
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      token,
      subscribe: {
        ...(this.#lastEventId === undefined ? {} : { since: this.#lastEventId }),
        ...(topics === undefined ? {} : { topics }),
      },
      requestTimeoutMs: this.#requestTimeoutMs,
      onSubscribed: (subscription, access) => this.#subscribed(subscription, access),
      onNotification: (method, params) => this.#notify(method, params),
      onEnd: (error) => {
        if (generation === this.#generation) void this.#failWithCause(error, generation)
      },
    })
    this.#connection.open()
  }

  #subscribed(subscription: Subscription, access: Access): void {
    this.#failures = 0
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
    this.#settleWaiters(null)
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
    connection?.request('session.ping', {}, this.#requestTimeoutMs).catch((error: unknown) => {
      if (error instanceof RequestError && error.code === 'timeout') {
        connection.end(
          new RequestError('connection_lost', 'The daemon stopped answering.', { retryable: true }),
        )
      }
    })
  }

  /** A socket that never opened gives no reason; what answers at its address tells more. */
  async #failWithCause(error: RequestError, generation: number): Promise<void> {
    this.#connection = null
    this.#stopTimers()
    const { url, fetch = globalThis.fetch.bind(globalThis) } = this.#options
    const cause = error.code === 'daemon_offline' ? await findCause(url, fetch, CAUSE_TIMEOUT_MS) : error
    if (generation === this.#generation) this.#fail(cause)
  }

  #fail(error: RequestError): void {
    this.#connection = null
    this.#stopTimers()
    if (this.#canTakeNewToken(error)) {
      this.#wasRefused = true
      this.#attempt()
      return
    }
    if (error.code === 'unauthorized') {
      this.#setState('unauthorized', error)
      this.#settleWaiters(error)
      return
    }
    if (this.#options.reconnect === false) {
      this.#setState('closed', error)
      this.#settleWaiters(error)
      return
    }
    const retryInMs = backoffDelayMs(++this.#failures, this.#options.random ?? Math.random)
    this.#retryTimer = setTimeout(() => this.#attempt(), retryInMs)
    this.#setState(STATE_AFTER[error.code] ?? 'daemon_offline', error, retryInMs)
  }

  #canTakeNewToken({ code }: RequestError): boolean {
    if (this.#wasRefused || typeof this.#options.token === 'string') return false
    return code === 'unauthorized' || code === 'token_expired'
  }

  #setState(state: ClientState, error: RequestError | null = null, retryInMs: number | null = null): void {
    const unchanged = state === this.#state && error === null && retryInMs === null
    this.#state = state
    if (!unchanged) this.#emitter.emit('state', { state, error, retryInMs })
  }

  #settleWaiters(error: RequestError | null): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) {
      if (error === null) waiter.resolve()
      else waiter.reject(error)
    }
  }

  #stopTimers(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    clearInterval(this.#pingTimer)
  }
}
