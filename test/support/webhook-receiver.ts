import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedPost {
  path: string
  headers: IncomingHttpHeaders
  /** The raw body. */
  body: string
  type: string
  data: Record<string, unknown>
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
}

type Respond = (post: ReceivedPost, index: number) => Answer | Promise<Answer> | 'never'

/** A receiver of webhooks on loopback that keeps what it gets. */
export class WebhookReceiver {
  readonly posts: ReceivedPost[] = []
  respond: Respond = () => ({ status: 204 })
  readonly #watchers = new Set<() => void>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        const { type, data } = JSON.parse(body) as Pick<ReceivedPost, 'type' | 'data'>
        const post = { path: request.url ?? '', headers: request.headers, body, type, data }
        this.posts.push(post)
        for (const watcher of this.#watchers) watcher()
        const answer = this.respond(post, this.posts.length - 1)
        if (answer === 'never') return
        void Promise.resolve(answer).then(({ status, headers = {}, body: text = '' }) => {
          response.writeHead(status, headers)
          response.end(text)
        })
      })
    })
  }

  static async start(port = 0): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve))
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  /** The texts of `data.messageId`, in the order of arrival. */
  get messages(): unknown[] {
    return this.posts.map(({ data }) => data['messageId'])
  }

  /** Resolves once this holds of what has arrived. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return
    await new Promise<void>((resolve) => {
      const watcher = (): void => {
        if (!holds()) return
        this.#watchers.delete(watcher)
        resolve()
      }
      this.#watchers.add(watcher)
    })
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }
}
