import { notConstructed, offline } from './find-cause.ts'
import { parseFrame } from './parse-frame.ts'
import { PendingRequests } from './pending-requests.ts'
import { RequestError } from './request-error.ts'
import type { Subscription } from './client-events.ts'
import type { ClientWebSocket, ClientWebSocketConstructor } from './web-socket.ts'
import type { PROTOCOL_VERSION } from '../protocol/frames.ts'
import type { CLOSE_CODES } from '../protocol/close-codes.ts'
import type { MethodName, MethodParams, MethodResult } from '../protocol/methods.ts'
import type { ParsedFrame } from './parse-frame.ts'
import type { Settle } from './pending-requests.ts'

// Typed by the protocol's own constants, whose module would bring the schemas into the browser bundle.
const SPOKEN_VERSION: typeof PROTOCOL_VERSION = 1
const UNAUTHORIZED_CLOSE_CODE: (typeof CLOSE_CODES)['unauthorized']['code'] = 4401
const TOO_MANY_ATTEMPTS_CLOSE_CODE: (typeof CLOSE_CODES)['too_many_attempts']['code'] = 4429
const TOO_MANY_CONNECTIONS_CLOSE_CODE: (typeof CLOSE_CODES)['too_many_connections']['code'] = 4503
const TOKEN_EXPIRED_CLOSE_CODE: (typeof CLOSE_CODES)['token_expired']['code'] = 4440
const TOKEN_WITHDRAWN_CLOSE_CODE: (typeof CLOSE_CODES)['token_withdrawn']['code'] = 4403

const NORMAL_CLOSE_CODE = 1000
/** After an error a close follows at once, but not where the policy of a page blocks the socket. */
const CLOSE_GRACE_MS = 200

/** What the daemon answers to a token. */
export type Access = MethodResult<'session.authenticate'>

export interface DaemonSocketOptions {
  url: string
  WebSocket: ClientWebSocketConstructor
  token: string
  subscribe: MethodParams<'session.subscribe'>
  requestTimeoutMs: number
  /** Called once, synchronously, before any event; `access` is what the token may do. */
  onSubscribed: (subscription: Subscription, access: Access) => void
  onNotification: (method: string, params: Record<string, unknown>) => void
  /** Called for every frame of the daemon, before what the frame leads to. */
  onFrame: () => void
  /** Called once, when the socket is gone or useless, with the cause. */
  onEnd: (error: RequestError) => void
}

/** One socket's life: hello, authenticate, subscribe, live, end. It never reconnects; a new one replaces it. */
export class DaemonSocket {
  readonly #options: DaemonSocketOptions
  readonly #pending = new PendingRequests()
  #socket: ClientWebSocket | null = null
  #greeted = false
  #ended = false
  /** What the socket itself reported, where it says more than that something failed. */
  #fault: unknown
  /** What the daemon said before it closed the socket. */
  #refusal: RequestError | null = null

  constructor(options: DaemonSocketOptions) {
    this.#options = options
  }

  open(): void {
    const { url, WebSocket, requestTimeoutMs } = this.#options
    let socket: ClientWebSocket
    try {
      socket = new WebSocket(url)
    } catch (cause) {
      this.#end(notConstructed(url, cause))
      return
    }
    this.#socket = socket
    let deadline = setTimeout(() => {
      if (!this.#greeted) this.end(offline(this.#fault))
    }, requestTimeoutMs)
    socket.addEventListener('message', (event) => this.#receive(event.data))
    socket.addEventListener('error', (event) => {
      this.#fault = 'error' in event ? event.error : undefined
      clearTimeout(deadline)
      // The close event carries the code, where one follows.
      deadline = setTimeout(() => this.end(this.#closeError(0)), CLOSE_GRACE_MS)
    })
    socket.addEventListener('close', (event) => {
      clearTimeout(deadline)
      this.#end(this.#closeError(event.code))
    })
  }

  request<Name extends MethodName>(
    method: Name,
    params: MethodParams<Name>,
    timeoutMs: number,
  ): Promise<MethodResult<Name>> {
    return new Promise((resolve, reject) => {
      this.#send(method, params, timeoutMs, {
        // The daemon parses each result with the schema that this type comes from before it sends it.
        resolve: (result) => resolve(result as MethodResult<Name>),
        reject,
      })
    })
  }

  /** Closes the socket and reports `error` as the cause. Does not wait for the peer's half of the close. */
  end(error: RequestError): void {
    this.#end(error)
    try {
      this.#socket?.close(NORMAL_CLOSE_CODE)
    } catch {
      // Some implementations throw while still connecting; the socket is abandoned either way.
    }
  }

  #end(error: RequestError): void {
    if (this.#ended) return
    this.#ended = true
    this.#pending.rejectAll(error)
    this.#options.onEnd(error)
  }

  #send(method: MethodName, params: object, timeoutMs: number, settle: Settle): void {
    const socket = this.#socket
    if (socket === null || this.#ended) {
      settle.reject(offline())
      return
    }
    try {
      const id = this.#pending.add(timeoutMs, settle)
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    } catch (cause) {
      settle.reject(cause instanceof RequestError ? cause : offline(cause))
    }
  }

  #receive(data: unknown): void {
    if (this.#ended) return
    const frame = parseFrame(data)
    if (frame === null) {
      this.end(new RequestError('incompatible', 'What answers at this address is not whatsappd.'))
      return
    }
    this.#options.onFrame()
    if (!this.#greeted) {
      this.#greet(frame)
    } else if (frame.kind === 'result') {
      this.#pending.resolve(frame.id, frame.result)
    } else if (frame.kind === 'error') {
      // Without an id it is about the socket as a whole.
      if (frame.id === null) this.#refusal = frame.error
      this.#pending.reject(frame.id, frame.error)
    } else {
      this.#options.onNotification(frame.method, frame.params)
    }
  }

  #greet(frame: ParsedFrame): void {
    const hello = frame.kind === 'notification' && frame.method === 'server.hello' ? frame.params : {}
    const { minProtocolVersion: min, maxProtocolVersion: max } = hello
    if (typeof min !== 'number' || typeof max !== 'number' || min > SPOKEN_VERSION || max < SPOKEN_VERSION) {
      this.end(
        new RequestError('incompatible', 'The daemon speaks another version of the protocol.', {
          action: 'Upgrade whatsappd or this page, so that both are of the same release.',
        }),
      )
      return
    }
    this.#greeted = true
    const { token, subscribe, requestTimeoutMs, onSubscribed } = this.#options
    const reject = (error: RequestError): void => this.end(error)
    this.#send('session.authenticate', { token }, requestTimeoutMs, {
      reject: (error) => reject(error.code === 'invalid_params' ? notOfTokenForm(error) : error),
      resolve: (access) =>
        this.#send('session.subscribe', subscribe, requestTimeoutMs, {
          reject,
          // Both parsed by the daemon, as in `request`.
          resolve: (result) => onSubscribed(result as Subscription, access as Access),
        }),
    })
  }

  #closeError(code: number): RequestError {
    if (code === UNAUTHORIZED_CLOSE_CODE) {
      return this.#refusal ?? new RequestError('unauthorized', 'The daemon did not accept the token.')
    }
    return this.#greeted ? endOfConversation(code, this.#fault) : offline(this.#fault)
  }
}

/** It is longer than a token may be: trying it again cannot help. */
function notOfTokenForm(cause: RequestError): RequestError {
  const details = { reason: 'invalid_token' }
  return new RequestError(
    'unauthorized',
    'What was given as the token is none: a token has at most 4,096 characters.',
    { details, cause },
  )
}

/** What a close code means on a socket whose daemon has said hello. */
function endOfConversation(code: number, cause: unknown): RequestError {
  if (code === TOKEN_EXPIRED_CLOSE_CODE) {
    return new RequestError('token_expired', 'The token has expired.', { retryable: true })
  }
  if (code === TOKEN_WITHDRAWN_CLOSE_CODE) {
    const message = 'The token was revoked, or its key was replaced.'
    return new RequestError('token_withdrawn', message, { retryable: true })
  }
  if (code === TOO_MANY_CONNECTIONS_CLOSE_CODE) {
    return new RequestError('rate_limited', 'The daemon has no place for one more connection.', {
      action: 'Close other pages and programs with the same token.',
      retryable: true,
    })
  }
  if (code === TOO_MANY_ATTEMPTS_CLOSE_CODE) {
    return new RequestError('rate_limited', 'The daemon closed the connection: too many requests at once.', {
      retryable: true,
    })
  }
  const message = 'The connection to the daemon was lost.'
  return new RequestError('connection_lost', message, { retryable: true, cause })
}
