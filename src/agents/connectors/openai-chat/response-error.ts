import { AgentError, type AgentErrorCode } from '../../agent-error.ts'
import { describeError } from './chat-completion.ts'

const MAX_BODY_BYTES = 16_384
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

const BY_STATUS: Readonly<Record<number, { code: AgentErrorCode; hint: string }>> = {
  400: { code: 'bad_request', hint: 'the request does not suit this model' },
  401: { code: 'unauthorized', hint: 'check apiKey' },
  403: { code: 'unauthorized', hint: 'the key may not use this model' },
  404: { code: 'not_found', hint: 'check baseUrl and model' },
  429: { code: 'rate_limited', hint: 'too many requests, or no credit' },
}

/** What an answer other than 2xx means. Never throws; reads a bounded part of the body. */
export async function toResponseError(response: Response): Promise<AgentError> {
  const { status, headers } = response
  const known = BY_STATUS[status] ?? {
    code: status >= 500 ? ('server_error' as const) : ('bad_answer' as const),
    hint: status >= 300 && status < 400 ? 'it redirects; give its final address as baseUrl' : 'unexpected',
  }
  const detail = describeError(await readErrorBody(response))
  return new AgentError(known.code, `the assistant answered ${status}${detail}: ${known.hint}`, {
    retryable: RETRYABLE_STATUS.has(status),
    retryAfterMs: toMilliseconds(headers.get('retry-after')),
  })
}

async function readErrorBody(response: Response): Promise<unknown> {
  try {
    let text = ''
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > MAX_BODY_BYTES) break
    }
    // Any JSON value; looked at by its schema.
    const body = JSON.parse(text) as { error?: unknown } | null
    return body?.error ?? body
  } catch {
    return null
  }
}

/** `Retry-After` in seconds; a date is not worth its parsing here. */
function toMilliseconds(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null
}
