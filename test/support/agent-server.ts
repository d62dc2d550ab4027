import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { factsIn, withoutFacts } from './turn-of.ts'

interface Asked {
  model: string
  /** The system's part; empty without one. */
  system: string
  /** What the model was told, oldest first, without the system's part and the facts about the question. */
  messages: { role: string; content: string }[]
  /** The facts about the question. */
  facts: string
  /** What came beside the text of the question: files, each by its type. */
  files: { type: string }[]
  /** What the conversation is called. */
  user?: string | undefined
  headers: IncomingMessage['headers']
}

type Content = string | { type: string; text?: string }[]

interface ChatBody {
  model: string
  messages: { role: string; content: Content }[]
  user?: string
}

/** An OpenAI-compatible server whose models say who they are: `ada` answers "hello" with "ada: hello". */
export class AgentServer {
  readonly asked: Asked[] = []
  /** What every model answers; `null`: who it is, and the question. */
  answer: string | null = null
  /** What it says that it has. */
  models: string[] = []
  readonly #server: Server
  #held: Promise<void> | null = null
  #release: () => void = () => {}

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async start(): Promise<AgentServer> {
    const server = new AgentServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    // The address of a server that listens on a port.
    return (this.#server.address() as AddressInfo).port
  }

  /** One agent for each of these models, for `channels.whatsapp.agents`. */
  agents(...models: string[]): Record<string, unknown> {
    const baseUrl = `http://127.0.0.1:${this.port}/v1`
    return Object.fromEntries(models.map((model) => [model, { connector: 'openai-chat', baseUrl, model }]))
  }

  /** Answers wait until `release`. */
  hold(): void {
    this.#held = new Promise((resolve) => (this.#release = resolve))
  }

  release(): void {
    this.#held = null
    this.#release()
  }

  async stop(): Promise<void> {
    this.release()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ data: this.models.map((id) => ({ id })) }))
      return
    }
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    // The request of our own connector.
    const { model, messages: sent, user } = JSON.parse(Buffer.concat(parts).toString()) as ChatBody
    const messages = sent.map(({ role, content }) => ({ role, content: textOf(content) }))
    const question = sent.at(-1)?.content ?? ''
    const told = messages.map((message) => ({ ...message, content: withoutFacts(message.content) }))
    const { content: last = '' } = messages.at(-1) ?? {}
    const system = messages.filter(({ role }) => role === 'system').map((message) => message.content)
    this.asked.push({
      model,
      system: system.join('\n'),
      messages: told.filter(({ role }) => role !== 'system'),
      facts: factsIn(last),
      files: typeof question === 'string' ? [] : question.filter(({ type }) => type !== 'text'),
      headers: request.headers,
      user,
    })
    await this.#held
    const content = this.answer ?? `${model}: ${told.at(-1)?.content ?? ''}`
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }))
  }
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')
}
