import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a transcription was asked with. */
export interface TranscriptionRequest {
  url: string
  authorization: string | undefined
  /** As the header says, in bytes; `null` where it does not. */
  contentLength: number | null
  fields: Record<string, string>
  file: { name: string; type: string; bytes: Buffer } | null
}

export type TranscriptionAnswer = (
  response: ServerResponse,
  request: TranscriptionRequest,
) => void | Promise<void>

/** A server with OpenAI's `/audio/transcriptions` on loopback, which reads the form as a server does and answers as it is told. */
export class TranscriptionServer {
  readonly asked: TranscriptionRequest[] = []
  answer: TranscriptionAnswer = says('hello there')
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  static async start(): Promise<TranscriptionServer> {
    const server = new TranscriptionServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get baseUrl(): string {
    // A server that listens on a TCP port has an address of this shape.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method === 'GET') {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ data: [{ id: 'whisper-1' }] }))
        return
      }
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      const asked = await readRequest(request, Buffer.concat(pieces))
      this.asked.push(asked)
      await this.answer(response, asked)
    } catch {
      // The client hung up.
      response.destroy()
    }
  }
}

/** An answer as OpenAI gives it. */
export function says(text: string): (response: ServerResponse) => void {
  return (response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ text }))
  }
}

/** An answer with this status, body and headers. */
export function replies(
  status: number,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): TranscriptionAnswer {
  return (response) => void response.writeHead(status, headers).end(body)
}

async function readRequest({ url, headers }: IncomingMessage, body: Buffer): Promise<TranscriptionRequest> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData()
  const fields: Record<string, string> = {}
  let file: TranscriptionRequest['file'] = null
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else file = { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) }
  }
  const length = headers['content-length']
  return {
    url: url ?? '',
    authorization: headers.authorization,
    contentLength: length === undefined ? null : Number(length),
    fields,
    file,
  }
}
