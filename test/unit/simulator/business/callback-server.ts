import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedWebhook {
  raw: string
  headers: IncomingMessage['headers']
  // As the platform made it.
  body: { entry: { id: string; changes: { field: string; value: WebhookValue }[] }[] }
}

export interface WebhookValue {
  metadata: { phone_number_id: string }
  contacts?: { wa_id?: string; user_id: string; profile: { name: string; username?: string } }[]
  messages?: (Record<string, unknown> & { id: string; type: string; from?: string })[]
  statuses?: (Record<string, unknown> & { id: string; status: string })[]
  [field: string]: unknown
}

/** A receiver of webhooks that answers the challenge, and each webhook with a status of the test's. */
export class CallbackServer {
  readonly received: ReceivedWebhook[] = []
  /** Asked for each webhook; 200 for all without it. */
  status: () => number = () => 200
  verifyToken = ''
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body }) => response.writeHead(status).end(body))
  })

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  get url(): string {
    // The address of a server that listens on a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhooks`
  }

  /** All values so far, each once for every time that it came. */
  get values(): WebhookValue[] {
    return this.received.flatMap(({ body }) =>
      body.entry.flatMap(({ changes }) => changes.map(({ value }) => value)),
    )
  }

  get messages(): NonNullable<WebhookValue['messages']> {
    return this.values.flatMap(({ messages = [] }) => messages)
  }

  /** In the order in which they came. */
  statuses(id: string): NonNullable<WebhookValue['statuses']> {
    return this.values.flatMap(({ statuses = [] }) => statuses).filter((each) => each.id === id)
  }

  /** Whether a webhook is signed with this secret, over the bytes that came. */
  static isSigned({ raw, headers }: ReceivedWebhook, secret: string): boolean {
    const wanted = `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`
    return headers['x-hub-signature-256'] === wanted
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const { searchParams } = new URL(request.url ?? '/', 'http://callback')
    if (request.method === 'GET')
      return searchParams.get('hub.verify_token') === this.verifyToken
        ? { status: 200, body: searchParams.get('hub.challenge') ?? '' }
        : { status: 403, body: '' }
    let raw = ''
    for await (const bytes of request) raw += String(bytes)
    const status = this.status()
    if (status === 200)
      this.received.push({ raw, headers: request.headers, body: JSON.parse(raw) as ReceivedWebhook['body'] })
    return { status, body: '' }
  }
}
