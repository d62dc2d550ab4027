import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'
import type { Assistant } from './assistant.ts'
import { answerTo } from './answer-to.mjs'
import { repeated } from './repeated.mjs'

/** A kill falls into the middle of an answer now and then. */
const PIECE_MS = 15
const DOWN_MS = 200

/** How it is asked, and answers: as OpenAI's `/chat/completions`, streaming, or as a webhook, at once. */
interface Manner {
  settings(origin: string): Record<string, unknown>
  /** What is to be said to a question. */
  wordsFor(body: string): string
  answer(words: string, response: ServerResponse): Promise<void>
}

const MANNERS: Readonly<Record<'model' | 'webhook', Manner>> = {
  model: {
    settings: (origin) => ({ connector: 'openai-chat', model: 'any', baseUrl: `${origin}/v1` }),
    wordsFor: (body) => {
      // The request of our own connector.
      const { messages } = JSON.parse(body) as { messages: { content: string }[] }
      return repeated(messages.at(-1)?.content ?? '')
    },
    answer: async (words, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const content of words.split(/(?<= )/)) {
        await delay(PIECE_MS)
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    },
  },
  webhook: {
    settings: (origin) => ({ connector: 'webhook', url: `${origin}/turns` }),
    // What our own connector posts.
    wordsFor: (body) => answerTo(JSON.parse(body) as TurnJson).words,
    answer: async (text, response) => {
      await delay(PIECE_MS)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ text }))
    },
  },
}

/** A server of this machine; when it dies, all of its connections are cut, and none is accepted for a while. */
export class RepeatingServer implements Assistant {
  readonly name: string
  readonly isAskedAgain = false
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #manner: Manner
  #port = 0

  constructor(name: keyof typeof MANNERS) {
    this.name = name
    this.#manner = MANNERS[name]
  }

  settings(): Record<string, unknown> {
    return this.#manner.settings(`http://127.0.0.1:${this.#port}`)
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
    await this.#manner.answer(this.#manner.wordsFor(body), response)
  }
}
