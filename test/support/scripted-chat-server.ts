import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'

export interface ScriptedAnswer {
  status?: number
  headers?: Record<string, string>
  /** Written one after the other. */
  body?: readonly (string | Uint8Array)[]
  /** The connection is cut instead of ended. */
  cut?: boolean
}

export interface ChatRequest {
  messages: { role: string; content: string }[]
}

/** How it was asked. */
export interface SeenRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** As JSON; `null` without one. */
  body: Record<string, unknown> | null
}

/** A chat server that answers as it is told: from the list, the last one for ever, or by a function of the request. */
export class ScriptedChatServer {
  answers: ScriptedAnswer[] | ((request: ChatRequest) => ScriptedAnswer) = []
  /** What it was asked, oldest first. */
  readonly requests: ChatRequest[] = []
  readonly seen: SeenRequest[] = []
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      let text = ''
      request.on('data', (bytes) => (text += String(bytes)))
      request.on('end', () => {
        // What the agent under test sends.
        const asked = (text === '' ? { messages: [] } : JSON.parse(text)) as ChatRequest
        const { method = '', url: path = '', headers } = request
        this.seen.push({ method, path, headers, body: text === '' ? null : { ...asked } })
        this.requests.push(asked)
        const { answers } = this
        const answer =
          typeof answers === 'function'
            ? answers(asked)
            : ((answers.length > 1 ? answers.shift() : answers[0]) ?? {})
        response.writeHead(answer.status ?? 200, answer.headers ?? {})
        response.flushHeaders()
        for (const piece of answer.body ?? []) response.write(piece)
        if (answer.cut === true) response.write('', () => setImmediate(() => response.destroy()))
        else response.end()
      })
    })
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Up to and without `/chat/completions`. */
  get baseUrl(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
