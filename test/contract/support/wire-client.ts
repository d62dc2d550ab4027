import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { eventFrameSchema, helloFrameSchema, serverFrameSchema } from '../../../src/protocol/frames.ts'
import { PublishedDescription } from './published-description.ts'
import { inTime } from '../../support/in-time.ts'

const published = new PublishedDescription()

export interface Frame {
  id?: string | number | null
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: {
    code: number
    message: string
    data: { code: string; retryable: boolean; action?: string; details?: Record<string, unknown> }
  }
}

export interface Closed {
  code: number
  reason: string
}

/** A client that sends and records frames as they are: no retries, no types, nothing hidden. */
export class WireClient {
  readonly socket: WebSocket
  /** Every frame that arrived, in order. */
  readonly frames: Frame[] = []
  readonly closed: Promise<Closed>
  #waiters: { matches: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = []
  #nextId = 1
  /** Requests by id, so that each answer is held against what is published of its method. */
  readonly #sent = new Map<unknown, { method: string; params: unknown }>()

  constructor(url: string, options: ClientOptions & { protocols?: string[] } = {}) {
    const { protocols = [], ...clientOptions } = options
    this.socket = new WebSocket(url, protocols, clientOptions)
    this.socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8')))
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
    this.socket.on('error', () => undefined)
  }

  async opened(): Promise<void> {
    await once(this.socket, 'open')
  }

  get events(): Frame[] {
    return this.frames.filter((frame) => frame.method !== undefined && frame.method !== 'server.hello')
  }

  hello(): Promise<Frame> {
    return this.frame((frame) => frame.method === 'server.hello')
  }

  event(method: string, matches: (params: Record<string, unknown>) => boolean = () => true): Promise<Frame> {
    return this.frame((frame) => frame.method === method && matches(frame.params ?? {}))
  }

  /** The first frame, past or future, that matches. */
  frame(matches: (frame: Frame) => boolean): Promise<Frame> {
    const known = this.frames.find(matches)
    if (known !== undefined) return Promise.resolve(known)
    return inTime('a frame', new Promise((resolve) => this.#waiters.push({ matches, resolve })))
  }

  sendText(text: string): void {
    this.#note(text)
    this.socket.send(text)
  }

  /** The whole answer, error or not. */
  async call(method: string, params?: Record<string, unknown>): Promise<Frame> {
    await this.hello()
    const id = this.#nextId++
    this.sendText(JSON.stringify({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) }))
    return this.frame((frame) => frame.id === id)
  }

  /** The result; throws when the answer is an error. */
  async request(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { result, error } = await this.call(method, params)
    if (error !== undefined || result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }

  async authenticate(token: string): Promise<void> {
    await this.request('session.authenticate', { token })
  }

  close(): void {
    this.socket.terminate()
  }

  /** Tests also send what is no request at all. */
  #note(text: string): void {
    try {
      const { id, method, params } = JSON.parse(text) as { id?: unknown; method: string; params: unknown }
      this.#sent.set(id, { method, params })
    } catch {
      // Its answer is an error, which needs no request.
    }
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as Frame
    assertFrame(frame)
    const request = this.#sent.get(frame.id)
    const faults = published.faultsOf(frame, frame.result === undefined ? undefined : request)
    if (faults.length > 0) throw new Error(`other than published: ${faults.join('; ')}`)
    this.frames.push(frame)
    for (const waiter of this.#waiters.filter(({ matches }) => matches(frame))) {
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
      waiter.resolve(frame)
    }
  }
}

/** Every frame of every test is held against the published schemas. */
function assertFrame(frame: Frame): void {
  if (frame.method === 'server.hello') helloFrameSchema.parse(frame)
  else if (frame.method !== undefined) eventFrameSchema.parse(frame)
  else serverFrameSchema.parse(frame)
}
