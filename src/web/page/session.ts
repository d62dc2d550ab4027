/** The page's token. It is kept in this tab only. */
interface PageSession {
  token: string
  /** ISO 8601. */
  expiresAt: string
}

/** Why there is no session: no code in the address, a used or expired link, an expired session, or no daemon. */
export type NoSessionReason = 'no_link' | 'link_spent' | 'session_expired' | 'daemon_unreachable'

export type SessionOutcome = { session: PageSession } | { reason: NoSessionReason }

const STORAGE_KEY = 'whatsappd.session'

/**
 * Exchanges the single-use code in the address's fragment for a token; without a code takes the token of this tab. The
 * fragment is removed from the address first, so that it is in no history and no screenshot.
 */
export async function openSession(nowMs: number): Promise<SessionOutcome> {
  const code = takeCode()
  if (code !== null) {
    const outcome = await redeem(code)
    if ('session' in outcome) sessionStorage.setItem(STORAGE_KEY, JSON.stringify(outcome.session))
    else if (readStored() === null) return outcome
  }
  const stored = readStored()
  if (stored === null) return { reason: 'no_link' }
  if (Date.parse(stored.expiresAt) > nowMs) return { session: stored }
  forgetSession()
  return { reason: 'session_expired' }
}

/** For when the daemon does not accept the token any more. */
export function forgetSession(): void {
  sessionStorage.removeItem(STORAGE_KEY)
}

function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code !== null) history.replaceState(null, '', location.pathname + location.search)
  return code
}

async function redeem(code: string): Promise<SessionOutcome> {
  let response: Response
  try {
    response = await fetch('/v1/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    })
  } catch {
    return { reason: 'daemon_unreachable' }
  }
  const session = response.ok ? toSession(await response.json().catch(() => null)) : null
  return session === null ? { reason: 'link_spent' } : { session }
}

function readStored(): PageSession | null {
  try {
    return toSession(JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null'))
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
