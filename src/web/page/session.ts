import type { ErrorCode } from '../../protocol/errors.ts'
import { pageUrl } from './page-url.ts'

/** The page's token. It is kept in this tab only. */
interface PageSession {
  token: string
  /** ISO 8601. */
  expiresAt: string
}

/** Why there is no session. After those of the second line the link is still good. */
export type NoSessionReason =
  | 'no_link'
  | 'link_spent'
  | 'session_expired'
  | 'daemon_unreachable'
  | 'origin_refused'
  | 'too_many_attempts'
  | 'not_the_daemon'

/** `isKept`: whether a reload finds the session again. */
export type SessionOutcome = { session: PageSession; isKept: boolean } | { reason: NoSessionReason }

const STORAGE_KEY = 'whatsappd.session'

/** What the daemon's error codes mean for a page that has no session yet. */
const REASONS: ReadonlyMap<unknown, NoSessionReason> = new Map<ErrorCode, NoSessionReason>([
  ['unauthorized', 'link_spent'],
  // A link that was copied in part.
  ['invalid_params', 'link_spent'],
  ['forbidden', 'origin_refused'],
  ['rate_limited', 'too_many_attempts'],
  ['internal_error', 'daemon_unreachable'],
])

/** A code that the daemon has not seen yet, or not taken. */
let unusedCode: string | null = null
/** Where the browser lets this page keep nothing. */
let unkeptSession: PageSession | null = null

/**
 * Exchanges the single-use code in the address's fragment for a token; without a code takes the token of this tab. The
 * fragment is removed from the address first, so that it is in no history and no screenshot. Called once more, it tries a
 * code again that could not be exchanged.
 */
export async function openSession(nowMs: number): Promise<SessionOutcome> {
  unusedCode = takeCode() ?? unusedCode
  if (unusedCode !== null) {
    const outcome = await redeem(unusedCode)
    if ('session' in outcome || outcome.reason === 'link_spent') unusedCode = null
    if ('session' in outcome) keep(outcome.session)
    else if (readKept() === null) return outcome
  }
  const kept = readKept()
  if (kept === null) return { reason: 'no_link' }
  if (Date.parse(kept.expiresAt) > nowMs) return { session: kept, isKept: unkeptSession === null }
  forgetSession()
  return { reason: 'session_expired' }
}

/** For when the daemon does not accept the token any more. */
export function forgetSession(): void {
  unkeptSession = null
  storage()?.removeItem(STORAGE_KEY)
}

function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code !== null) history.replaceState(null, '', location.pathname + location.search)
  return code
}

async function redeem(code: string): Promise<{ session: PageSession } | { reason: NoSessionReason }> {
  let response: Response
  try {
    response = await fetch(pageUrl('v1/session'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    })
  } catch {
    return { reason: 'daemon_unreachable' }
  }
  const answer: unknown = await response.json().catch(() => null)
  const session = response.ok ? toSession(answer) : null
  return session === null ? { reason: reasonOf(response.status, answer) } : { session }
}

/** By the daemon's own error codes: an answer without one comes from something in between, whatever its status is. */
function reasonOf(status: number, answer: unknown): NoSessionReason {
  const known = REASONS.get(errorCodeOf(answer))
  if (known !== undefined) return known
  return status >= 502 && status <= 504 ? 'daemon_unreachable' : 'not_the_daemon'
}

function errorCodeOf(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return null
  const { error } = answer
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null
}

function keep(session: PageSession): void {
  unkeptSession = null
  try {
    globalThis.sessionStorage.setItem(STORAGE_KEY, JSON.stringify(session))
  } catch {
    // Site data is blocked, or full.
    unkeptSession = session
  }
}

function readKept(): PageSession | null {
  if (unkeptSession !== null) return unkeptSession
  try {
    return toSession(JSON.parse(storage()?.getItem(STORAGE_KEY) ?? 'null'))
  } catch {
    return null
  }
}

/** `null` where the browser's settings forbid it: even to name it throws then. */
function storage(): Storage | null {
  try {
    return globalThis.sessionStorage
  } catch {
    return null
  }
}

function toSession(value: unknown): PageSession | null {
  if (typeof value !== 'object' || value === null || !('token' in value) || !('expiresAt' in value))
    return null
  const { token, expiresAt } = value
  return typeof token === 'string' && typeof expiresAt === 'string' ? { token, expiresAt } : null
}
