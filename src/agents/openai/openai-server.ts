import type { Fetch } from '../../network/fetch-through.ts'
import type { FileForm } from '../../network/file-form.ts'
import { ProxyError } from '../../network/proxy-error.ts'
import { AgentError } from '../agent-error.ts'
import { toResponseError } from './response-error.ts'

/** A server that speaks OpenAI's protocol, and how it is asked. */
export interface OpenAiServer {
  /** What people read of it, in the middle of a sentence; `the assistant` when left out. */
  who?: string
  /** Up to and without a path such as `/chat/completions`. */
  baseUrl: string
  /** Asked for at every request, so that a rotated key is used at once; `null` for servers without keys. */
  apiKey: () => string | null
  /** Further headers, by name in lower case; asked for at every request, too. */
  headers?: (() => Readonly<Record<string, string>>) | undefined
  /** What sends requests; without it Node's own. */
  fetch?: Fetch | undefined
}

/**
 * Asks for `path` below the address, with key and headers: posts `body` as JSON, or `form` as it is, where there is one. Follows no
 * redirection. Throws `AgentError` where the server is not there or answers other than 2xx, and the signal's reason.
 */
export async function requestOf(
  server: OpenAiServer,
  path: string,
  {
    body,
    form,
    traceparent,
    signal,
  }: {
    traceparent?: string | undefined
    body?: unknown
    form?: Pick<FileForm, 'headers' | 'stream'>
    signal: AbortSignal
  },
): Promise<Response> {
  const { baseUrl, fetch = globalThis.fetch, who = 'the assistant' } = server
  const { url, search } = addressOf(baseUrl, path)
  let response: Response
  try {
    const headers = {
      'content-type': 'application/json',
      ...form?.headers,
      accept: 'text/event-stream, application/json',
      ...authentication(server),
      ...(traceparent !== undefined && { traceparent }),
    }
    response = await fetch(`${url}${search}`, {
      method: body === undefined && form === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Last of all: what fails before it leaves no file open.
      ...(form === undefined ? {} : { body: form.stream(signal), duplex: 'half' }),
      headers,
      signal,
      redirect: 'manual',
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof AgentError ? error : toNetworkError(error, who)
  }
  if (!response.ok) throw await toResponseError(response, new Date(), who)
  return response
}

/** Key and headers as they are now. Throws `AgentError` where one cannot be read, or both say who asks. */
export function authentication({ apiKey, headers }: OpenAiServer): Record<string, string> {
  const key = apiKey()
  const extra = headers?.() ?? {}
  if (key === null) return { ...extra }
  if (Object.hasOwn(extra, 'authorization')) {
    throw new AgentError('misconfigured', 'the assistant has both apiKey and headers.authorization', {
      action: "Remove one of the agent's apiKey and headers.authorization: a request carries one of them.",
    })
  }
  return { ...extra, authorization: `Bearer ${key}` }
}

/** Some addresses carry a query, such as a version of the protocol. */
function addressOf(baseUrl: string, path: string): { url: string; search: string } {
  const begin = baseUrl.search(/[?#]/)
  const url = begin === -1 ? baseUrl : baseUrl.slice(0, begin)
  const search = begin === -1 ? '' : (baseUrl.slice(begin).split('#')[0] ?? '')
  return { url: `${url.replace(/\/+$/, '')}${path}`, search }
}

/** Only the system's error code: messages of `fetch` quote headers, and so the key. */
function toNetworkError(error: unknown, who: string): AgentError {
  const { cause } = error as { cause?: { code?: unknown } }
  if (cause instanceof ProxyError)
    return new AgentError('unreachable', `${cause.message}: check whatsappd.proxy`, { retryable: true })
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : ''
  return new AgentError('unreachable', `${who} cannot be reached${code}: check baseUrl`, {
    retryable: code !== '',
  })
}
