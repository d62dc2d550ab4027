import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { EVENTS } from '../../../src/protocol/events.ts'
import type { EventName, EventPayload } from '../../../src/protocol/events.ts'
import { requestSchema, serverFrameSchema } from '../../../src/protocol/frames.ts'
import { METHOD_NAMES, METHODS } from '../../../src/protocol/methods.ts'
import { SCOPES } from '../../../src/protocol/tokens/scopes.ts'
import type { MethodName, MethodResult, ParsedParams } from '../../../src/protocol/methods.ts'
import type { Snapshot } from '../../../src/protocol/methods/session.ts'
import { DaemonError, ERRORS } from '../../../src/protocol/errors.ts'

type Handlers = { [Name in MethodName]?: (params: ParsedParams<Name>) => MethodResult<Name> | null }

/** Extra HTTP: true when the request was answered. */
type HttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * The daemon's side of the control plane, played by a test: real sockets, the protocol's own schemas on every frame in
 * both directions, and answers that the test sets.
 */
export class ScriptedDaemon {
  token = 'scripted-token'
  hello: Record<string, unknown> = { minProtocolVersion: 1, maxProtocolVersion: 1 }
  snapshot: Snapshot = { accounts: [], offers: [], config: null, blocked: [] }
  handlers: Handlers = {}
  /** What the token may call, as the daemon tells it. */
  methods: readonly string[] = METHOD_NAMES
  http: HttpHandler = () => false
  /** Stored events, as the daemon's log keeps them. */
  readonly log: { eventId: number; name: EventName; payload: object; at: string }[] = []
  /** Every request that arrived, in order. */
  readonly requests: { method: string; params: unknown }[] = []
  /** Methods that get no answer at all. */
  readonly silent = new Set<string>()
  gap = false
  clockAheadMs = 0
  readonly #subscribers = new Set<WebSocket>()
  readonly #waiting: { method: string; resolve: () => void }[] = []
  #http: Server | null = null
  #webSockets: WebSocketServer | null = null
  #port = 0

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/v1/ws`
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get connections(): number {
    return this.#webSockets?.clients.size ?? 0
  }

  /** Listens; after `stop()` again on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      if (!this.http(request, response)) response.writeHead(404).end()
    })
    this.#http = server
    this.#webSockets = new WebSocketServer({ server, path: '/v1/ws' })
    this.#webSockets.on('connection', (socket) => this.#accept(socket))
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
  }

  async stop(): Promise<void> {
    this.drop()
    this.#webSockets?.close()
    const server = this.#http
    this.#http = null
    if (server === null) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  /** Cuts every socket without a close frame, or with one that carries `code`. */
  drop(code?: number): void {
    this.#subscribers.clear()
    for (const socket of this.#webSockets?.clients ?? []) {
      if (code === undefined) socket.terminate()
      else socket.close(code)
    }
  }

  publish<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    const at = this.#now()
    const eventId = EVENTS[name].stored ? this.log.length + 1 : null
    if (eventId !== null) this.log.push({ eventId, name, payload, at })
    for (const socket of this.#subscribers) this.#sendEvent(socket, name, payload, eventId, at)
  }

  /** Text that no schema has seen, to every subscriber. */
  sendRaw(text: string): void {
    for (const socket of this.#subscribers) socket.send(text)
  }

  /** Resolves when the next request for `method` arrives. */
  async nextRequest(method: MethodName): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push({ method, resolve }))
  }

  #accept(socket: WebSocket): void {
    const params = { name: 'whatsappd', version: '0.0.0-test', ...this.hello }
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'server.hello', params }))
    socket.on('close', () => this.#subscribers.delete(socket))
    socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : ''
      const { id, method, params: input } = requestSchema.parse(JSON.parse(text))
      this.requests.push({ method, params: input })
      for (const waiting of this.#waiting.filter((each) => each.method === method)) {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        waiting.resolve()
      }
      if (!this.silent.has(method)) this.#answer(socket, id, method, input ?? {})
    })
  }

  #answer(socket: WebSocket, id: string | number, method: string, input: Record<string, unknown>): void {
    const since = method === 'session.subscribe' ? input['since'] : undefined
    try {
      const definition = METHODS[method as MethodName] // unknown names are refused right below
      if (definition === undefined) throw new DaemonError('method_not_found')
      const params = definition.params.parse(input)
      const result = definition.result.parse(this.#result(method as MethodName, params))
      this.#send(socket, { jsonrpc: '2.0', id, result })
    } catch (error) {
      const failure =
        error instanceof DaemonError ? error : new DaemonError('internal_error', { cause: error })
      const { code, message, retryable, action, details } = failure
      const data = { code, retryable, action, details }
      this.#send(socket, { jsonrpc: '2.0', id, error: { code: ERRORS[code].rpcCode, message, data } })
      return
    }
    if (method !== 'session.subscribe') return
    this.#subscribers.add(socket)
    if (typeof since !== 'number' || this.gap) return
    for (const { eventId, name, payload, at } of this.log) {
      if (eventId > since) this.#sendEvent(socket, name, payload, eventId, at)
    }
  }

  #result(method: MethodName, params: unknown): unknown {
    if (method === 'session.authenticate') {
      if ((params as { token: string }).token !== this.token) throw new DaemonError('unauthorized')
      return { scopes: [...SCOPES], expiresAt: null, methods: [...this.methods] }
    }
    if (method === 'session.subscribe') {
      const { since } = params as { since?: number }
      const replayed = since === undefined || this.gap ? 0 : this.log.length - since
      const { snapshot, gap } = this
      return { snapshot, eventId: this.log.length, replayed: Math.max(0, replayed), gap, at: this.#now() }
    }
    if (method === 'session.ping') return { at: this.#now() }
    // The handler is looked up by the name that its parameters were parsed for.
    const handler = this.handlers[method] as ((params: unknown) => unknown) | undefined
    if (handler === undefined) throw new DaemonError('method_not_found')
    return handler(params)
  }

  #sendEvent(socket: WebSocket, name: EventName, payload: object, eventId: number | null, at: string): void {
    const parsed = EVENTS[name].payload.parse(payload)
    const params = { eventId, at, ...(typeof parsed === 'object' ? parsed : {}) }
    this.#send(socket, { jsonrpc: '2.0', method: name, params })
  }

  #send(socket: WebSocket, frame: unknown): void {
    socket.send(JSON.stringify(serverFrameSchema.parse(frame)))
  }

  #now(): string {
    return new Date(Date.now() + this.clockAheadMs).toISOString()
  }
}
