import { RequestError } from './request-error.ts'
import type { ClientState } from './client-events.ts'

/** What the client is between two attempts, after failures that are not the daemon's. */
const STATE_BETWEEN: Partial<Record<string, ClientState>> = {
  tunnel_unreachable: 'tunnel_unreachable',
  websocket_refused: 'tunnel_unreachable',
  wrong_path: 'tunnel_unreachable',
  certificate_untrusted: 'tunnel_unreachable',
  token_unavailable: 'token_unavailable',
}
/** Failures of this program or page itself: no attempt of it can succeed. */
const HOPELESS: ReadonlySet<string> = new Set(['websocket_missing', 'invalid_url', 'blocked_by_page'])
/** Ends of a token that was accepted, with the reason for which it would be refused now. */
const TOKEN_ENDS: Partial<Record<string, string>> = {
  token_expired: 'token_expired',
  token_withdrawn: 'token_revoked',
}

interface Circumstances {
  /** Whether another token can be asked for. */
  hasTokenFunction: boolean
  /** Whether the last token was refused, or its function said that there is none. */
  wasRefused: boolean
  reconnects: boolean
}

/** `renew`: at once, with another token. `retry`: after a pause, in `state` until then. `end`: nothing follows. */
export type NextStep = { step: 'renew' } | { step: 'retry' | 'end'; state: ClientState; error: RequestError }

/** What the client does after an attempt, or a connection, has failed. */
export function afterFailure(failure: RequestError, circumstances: Circumstances): NextStep {
  const { hasTokenFunction, wasRefused, reconnects } = circumstances
  const isTokenOver = failure.code === 'unauthorized' || failure.code in TOKEN_ENDS
  if (isTokenOver && hasTokenFunction && !wasRefused) return { step: 'renew' }
  // A token that cannot be replaced by another one has been refused when it has ended.
  const error = hasTokenFunction ? failure : asRefusal(failure)
  if (error.code === 'unauthorized') return { step: 'end', state: 'unauthorized', error }
  if (!reconnects || HOPELESS.has(error.code)) return { step: 'end', state: 'closed', error }
  return { step: 'retry', state: STATE_BETWEEN[error.code] ?? 'daemon_offline', error }
}

function asRefusal(error: RequestError): RequestError {
  const reason = TOKEN_ENDS[error.code]
  if (reason === undefined) return error
  return new RequestError('unauthorized', error.message, { details: { reason }, cause: error })
}
