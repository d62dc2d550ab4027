import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { webhookHeaders, webhookKey } from '../../../src/network/standard-webhooks.ts'
import { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { type EventBook, FOLLOWED_EVENTS } from './event-book.ts'

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
/** The entry of a config that names this receiver. */
export function webhookOf({ url }: EventReceiver): object {
  return { url, secret: WEBHOOK_SECRET, events: FOLLOWED_EVENTS }
}

/** What it does with a post; the answer that is lost leaves the event with it all the same. */
const HABITS = [
  { habit: 'take', weight: 82 },
  { habit: 'unavailable', weight: 6 },
  { habit: 'cut', weight: 5 },
  { habit: 'lost-answer', weight: 6 },
  { habit: 'refuse', weight: 1 },
] as const

/** The receiver of the daemon's webhooks: a server that fails now and then, and can be killed. */
export class EventReceiver {
  readonly #book: EventBook
  readonly #random: SeededRandom
  readonly #server = createServer((request, response) => void this.#take(request, response))
  #port = 0
  /** Nothing fails any more: what is still to come arrives. */
  isWell = false

  constructor(book: EventBook, seed: number) {
    this.#book = book
    this.#random = new SeededRandom(seed)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/events`
  }

  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    // The address of a server that listens on a port.
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** Dies in whatever it does, and is there again soon. */
  async crash(downMs: number): Promise<void> {
    await this.stop()
    await delay(downMs)
    await this.start()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    try {
      for await (const bytes of request) body += String(bytes)
    } catch {
      return // cut by the daemon's end, or by our own
    }
    const { habit } = this.isWell ? HABITS[0] : this.#random.pickWeighted(HABITS)
    if (habit === 'cut') return void response.destroy()
    if (habit === 'unavailable') return void response.writeHead(503, { 'retry-after': '1' }).end()
    if (habit === 'refuse') return void response.writeHead(500).end()
    this.#book.posted({ id: String(request.headers['webhook-id']), body, isSigned: isSigned(request, body) })
    if (habit === 'lost-answer') return void response.destroy()
    response.writeHead(204).end()
  }
}

function isSigned({ headers }: IncomingMessage, body: string): boolean {
  const key = webhookKey(WEBHOOK_SECRET)
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
  if (key === null || Number.isNaN(at.getTime())) return false
  const due = webhookHeaders({ id: String(headers['webhook-id']), at, body }, [key])
  return due['webhook-signature'] === headers['webhook-signature']
}
