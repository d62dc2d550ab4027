import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TurnJson } from '../../src/protocol/agent/turn-json.ts'

export interface PostedTurn {
  path: string
  headers: Record<string, string>
  /** As it came. */
  body: string
  turn: TurnJson
  /** Whether the daemon has hung up before it was answered. */
  aborted: boolean
  finished: boolean
}

type Answer = (posted: PostedTurn, response: ServerResponse) => void | Promise<void>

/** A server that takes turns: what it answers depends on the path. */
export class WebhookServer {
  readonly posted: PostedTurn[] = []
  readonly #answers: Readonly<Record<string, Answer>>
  readonly #server: Server

  private constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers
    this.#server = createServer((request, response) => void this.#take(request, response))
  }

  static async start(answers: Readonly<Record<string, Answer>>): Promise<WebhookServer> {
    const server = new WebhookServer(answers)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  urlOf(path: string): string {
    // The address of a server that listens on a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${path}`
  }

  postedTo(path: string): PostedTurn[] {
    return this.posted.filter((each) => each.path === path)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString('utf8')
    const path = (request.url ?? '').slice(1)
    const posted: PostedTurn = {
      path,
      // Every header that is looked at comes once.
      headers: request.headers as Record<string, string>,
      body,
      turn: JSON.parse(body) as TurnJson, // what the daemon posts
      aborted: false,
      finished: false,
    }
    response.on('close', () => (posted.aborted = !response.writableFinished))
    response.on('finish', () => (posted.finished = true))
    this.posted.push(posted)
    await this.#answers[path]?.(posted, response)
  }
}
