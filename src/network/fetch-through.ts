import { type Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'

interface FetchInit {
  method: string
  headers: Readonly<Record<string, string>>
  /** A stream goes out as it comes: its length stands in the headers. */
  body?: string | ReadableStream<Uint8Array>
  /** Of a stream. */
  duplex?: 'half'
  signal: AbortSignal
  /** Redirects are answers. */
  redirect: 'manual'
}

/** The part of `fetch` that the daemon uses; Node's own has it. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>

/** Statuses that have no body, by the specification of `Response`. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * A `fetch` whose connections are made by the agent for their URL: Node's own takes none. `lookup`: what resolves names in the place of
 * Node's own. Rejects as Node's own does.
 */
export function fetchThrough(agentFor: (url: string) => Agent | undefined, lookup?: LookupFunction): Fetch {
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const start = url.startsWith('https:') ? secureRequest : plainRequest
      const sent: ClientRequest = start(url, {
        method,
        headers: { ...headers },
        agent: agentFor(url),
        ...(lookup !== undefined && { lookup }),
        signal,
      })
      sent.on('response', (answer) => {
        try {
          resolve(toResponse(answer))
        } catch (error) {
          answer.destroy()
          reject(failed(error))
        }
      })
      sent.on('error', (error) => reject(signal.aborted ? signal.reason : failed(error)))
      // While it has no socket, its own error comes only when the proxy has answered.
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      if (body === undefined || typeof body === 'string') sent.end(body)
      // What becomes of the request is told by its own events. Node's stream is the web's, whose types are declared twice.
      else pipeline(Readable.fromWeb(body as unknown as WebStream), sent, () => {})
    })
}

function toResponse(answer: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = answer
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  if (BODILESS.has(status)) {
    answer.resume()
    return new Response(null, { status, statusText, headers })
  }
  // Node's stream of bytes is the web's, whose types are declared twice.
  return new Response(Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>, {
    status,
    statusText,
    headers,
  })
}

function failed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause })
}
