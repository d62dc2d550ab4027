import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { GraphAccess } from '../../src/transports/cloud-api/graph/graph-access.ts'

export interface GraphServerRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  /** Of a JSON body. */
  json: Record<string, unknown>
}

/** `reset`: the connection ends after the request was read; `silent`: nothing ever comes. */
export type GraphServerAnswer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; body?: string | Buffer }
  | 'reset'
  | 'silent'

/** A plain HTTP server that answers as the test says. */
export class GraphServer {
  readonly requests: GraphServerRequest[] = []
  answer: (request: GraphServerRequest) => GraphServerAnswer = () => ({ json: {} })
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        const body = Buffer.concat(pieces)
        const url = new URL(request.url ?? '/', 'http://here')
        const { method = '', headers } = request
        const isJson = headers['content-type'] === 'application/json'
        const json = isJson ? (JSON.parse(body.toString()) as Record<string, unknown>) : {}
        const seen = { method, path: url.pathname, query: url.searchParams, headers, body, json }
        this.requests.push(seen)
        send(this.answer(seen), response)
      })
    })
  }

  /** It ends with the test. */
  static async start(): Promise<GraphServer> {
    const started = new GraphServer()
    const server = started.#server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    return started
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  access(more: Partial<GraphAccess> = {}): GraphAccess {
    return {
      provider: 'meta',
      phoneNumberId: '111',
      accessToken: 'EAAtoken',
      apiVersion: 'v25.0',
      baseUrl: this.url,
      mediaHosts: [],
      ...more,
    }
  }
}

function send(answer: GraphServerAnswer, response: ServerResponse): void {
  if (answer === 'silent') return
  if (answer === 'reset') return void response.socket?.destroy()
  const { status = 200, headers = {}, json, body = JSON.stringify(json) } = answer
  response.writeHead(status, {
    'content-type': json === undefined ? 'text/html' : 'application/json',
    ...headers,
  })
  response.end(body)
}
