import { AgentError } from '../../agent-error.ts'
import { ProxyError } from '../../../network/proxy-error.ts'
import type { AgentFailureCode } from '../../../protocol/account/agent-failures.ts'
import { retryAfterMs } from '../../../network/retry-after.ts'

const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429])

const BY_STATUS: Readonly<Record<number, { code: AgentFailureCode; hint: string }>> = {
  401: { code: 'unauthorized', hint: 'check headers and secret' },
  403: { code: 'unauthorized', hint: 'check headers and secret' },
  404: { code: 'not_found', hint: 'check url' },
  405: { code: 'not_found', hint: 'it must take POST' },
  410: { code: 'not_found', hint: 'nobody listens there any more' },
  413: { code: 'turn_too_large', hint: 'it takes no request of this size' },
  429: { code: 'rate_limited', hint: 'too many requests' },
}

export interface FailedPlace {
  /** Id of the agent in the config, for what people read. */
  id: string
  /** Where it was posted to, as it may be shown. */
  url: string
}

/** What a status other than 2xx means. Its body is not looked at: it may quote the question. */
export function toStatusError(
  { status, headers }: Response,
  { id, url }: FailedPlace,
  now: Date,
): AgentError {
  const isRedirect = status >= 300 && status < 400
  const known = BY_STATUS[status] ?? (isRedirect ? REDIRECT : status >= 500 ? BROKEN : REFUSED)
  return new AgentError(known.code, `the webhook answered ${status}: ${known.hint}`, {
    action: actionOf(status, id, url),
    retryable: status >= 500 || RETRYABLE.has(status),
    retryAfterMs: retryAfterMs(headers, now),
  })
}

const REDIRECT = { code: 'not_found', hint: 'it redirects; give its final address as url' } as const
const BROKEN = { code: 'server_error', hint: 'its server reported an error of its own' } as const
const REFUSED = { code: 'bad_request', hint: 'it does not take the request' } as const

function actionOf(status: number, id: string, url: string): string {
  const setting = `agents.${id}.url, which is ${url}`
  if (status === 404)
    return `Check ${setting}. In n8n the workflow must be active; its test address works only while the editor listens.`
  if (status >= 500) return `Look into the log of what answers at ${setting}.`
  return `Check ${setting}, and what it expects.`
}

/** Only the system's error code: messages of `fetch` quote headers. */
export function toConnectionError(error: unknown, { id, url }: FailedPlace): AgentError {
  const { cause, code: own } = error as { cause?: { code?: unknown }; code?: unknown }
  const found = cause?.code ?? own
  const code = typeof found === 'string' && /^[A-Z_0-9]{2,40}$/.test(found) ? ` (${found})` : ''
  if (cause instanceof ProxyError)
    return new AgentError('unreachable', `${cause.message}: check whatsappd.proxy`, { retryable: true })
  return new AgentError('unreachable', `the webhook cannot be reached${code}: check url`, {
    action: `Check agents.${id}.url, which is ${url}, and that something listens there.`,
    retryable: true,
  })
}
