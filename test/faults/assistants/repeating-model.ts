import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Assistant } from './assistant.ts'
import { repeated } from './repeated.mjs'

/** A kill falls into the middle of an answer now and then. */
const PIECE_MS = 15
const DOWN_MS = 200

/** A server that speaks OpenAI's `/chat/completions`; when it dies, all of its connections are cut and none is accepted for a while. */
export class RepeatingModel implements Assistant {
  readonly name = 'model'
  readonly isAskedAgain = false
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #port = 0

  settings(): Record<string, unknown> {
    return { connector: 'openai-chat', model: 'any', baseUrl: `http://127.0.0.1:${this.#port}/v1` }
  }

  async start(): Promise<void> {
    await this.#listen()
  }

  async crash(): Promise<void> {
    await this.stop()
    await delay(DOWN_MS)
    await this.#listen()
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    // The address of a server that listens on a port.
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const bytes of request) body += String(bytes)
    // The request of our own connector.
    const { messages } = JSON.parse(body) as { messages: { content: string }[] }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of repeated(messages.at(-1)?.content ?? '').split(/(?<= )/)) {
      await delay(PIECE_MS)
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
    }
    response.end('data: [DONE]\n\n')
  }
}
