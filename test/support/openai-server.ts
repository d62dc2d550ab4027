import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

interface Request {
  key: string | null
  /** The other side hung up before the answer was complete. */
  aborted: boolean
  body: { model: string; stream: boolean; messages: { role: string; content: string }[] }
}

/** An OpenAI-compatible server in a process of its own; the model's name decides how it behaves: see `openai-server.mjs`. */
export class OpenAiServer {
  /** The only key that the model `good` accepts. */
  static readonly KEY = 'sk-test-key-0123456789'
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, port: string) {
    this.#process = process
    this.baseUrl = `http://127.0.0.1:${port}/v1`
  }

  static async start(): Promise<OpenAiServer> {
    const server = fork(new URL('openai-server.mjs', import.meta.url), {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    if (server.stdout === null) throw new Error('the server has no output')
    const [port] = await once(server.stdout, 'data')
    return new OpenAiServer(server, String(port).trim())
  }

  /** Everything that this model was asked, oldest first. */
  async requestsFor(model: string): Promise<Request[]> {
    const response = await fetch(this.baseUrl.replace('/v1', '/requests'))
    // What the server writes.
    const requests = (await response.json()) as Request[]
    return requests.filter(({ body }) => body.model === model)
  }

  /** Lets the second paragraph of every answer of the model `paragraphs` follow. */
  async goOn(): Promise<void> {
    await fetch(this.baseUrl.replace('/v1', '/go-on'))
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit')
    this.#process.disconnect()
    await exited
  }
}
