import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'

/** What a failed request means for the account. */
export type Failure =
  /** It is asked again later, by itself. */
  | { kind: 'wait'; reason: ReasonCode; detail?: string; retryAfterMs: number | null }
  /** A person must act. `until`: milliseconds since the epoch, when it is tried again by itself. */
  | { kind: 'end'; reason: ReasonCode; detail?: string; until?: number }

/** Of Meta's codes for tokens: https://developers.facebook.com/docs/graph-api/guides/error-handling */
const EXPIRED_SUBCODES: ReadonlySet<number> = new Set([463])
/** 190 says that the token itself is not accepted; the others that it may not do what was asked. */
const TOKEN_CODES: ReadonlySet<number | null> = new Set([0, 102, 190, 467])

/** Only another token ends these. */
const OF_AN_ENDED_TOKEN: ReadonlySet<ReasonCode> = new Set(['access_token_expired', 'access_token_revoked'])

/** Whether the token itself is not accepted. */
export function isTokenEnded({ reason }: Failure): boolean {
  return OF_AN_ENDED_TOKEN.has(reason)
}

/** As `isTokenEnded`, or it may not do what was asked. */
export function isOfToken(failure: Failure): boolean {
  return isTokenEnded(failure) || failure.reason === 'access_token_permission'
}

/** What keeps nothing else from working is asked for once an hour, a refusal too: a person may have done something about it. */
export function againInAnHour(failure: Failure): Failure {
  if (failure.kind === 'wait') return failure
  const { reason, detail } = failure
  return { kind: 'wait', reason, ...(detail === undefined ? {} : { detail }), retryAfterMs: 60 * 60_000 }
}

/** The reason of a request that failed, whatever it was for; `detail` has Meta's own words. */
export function reasonOfProblem(problem: GraphProblem): Failure {
  const { kind, code, details, retryAfterMs } = problem
  const detail = withCode(code, details)
  switch (kind) {
    case 'retry':
      return { kind: 'wait', reason: code === null ? 'network_error' : 'server_error', detail, retryAfterMs }
    case 'rate_account':
    case 'rate_number':
    case 'rate_pair':
      return { kind: 'wait', reason: 'server_error', detail, retryAfterMs }
    case 'auth':
      return { kind: 'end', reason: tokenReason(problem), detail }
    case 'restricted':
      return { kind: 'end', reason: code === 131_031 ? 'business_banned' : 'business_restricted', detail }
    case 'not_found':
      return { kind: 'end', reason: 'number_not_found', detail }
    case 'registration':
      return { kind: 'end', reason: code === 133_010 ? 'number_not_registered' : 'business_refused', detail }
    case 'window_closed':
    case 'recipient':
    case 'marketing':
    case 'content':
    case 'refused':
      return { kind: 'end', reason: 'business_refused', detail }
  }
}

/** Without a code it was refused by 360dialog, or was never sent: then it is no token. */
function tokenReason({ code, subcode, details, status }: GraphProblem): ReasonCode {
  if (code === null) return status === undefined ? 'config_invalid' : 'access_token_revoked'
  if (!TOKEN_CODES.has(code)) return 'access_token_permission'
  const isExpired = (subcode !== null && EXPIRED_SUBCODES.has(subcode)) || /expired/i.test(details)
  return isExpired ? 'access_token_expired' : 'access_token_revoked'
}

/** Meta's words, with the code to look up. */
export function withCode(code: number | null, details: string): string {
  if (code === null) return details
  return details === '' ? `code ${code}` : `${code}: ${details}`
}
