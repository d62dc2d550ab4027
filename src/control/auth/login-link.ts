import { createHash, randomBytes } from 'node:crypto'

const CODE_LIFETIME_MS = 5 * 60_000
const TOKEN_LIFETIME_MS = 12 * 3_600_000
const SECRET_BYTES = 32
const MAX_OPEN_CODES = 100
const MAX_TOKENS = 500

export interface Credential {
  value: string
  expiresAt: Date
}

/**
 * Single-use codes for the sandbox's own user, and the tokens they are traded for. Both are kept in memory only: they end
 * with the daemon. Bounded: the oldest are removed.
 */
export class LoginLinks {
  readonly #now: () => Date
  readonly #codes = new Map<string, Date>()
  readonly #tokens = new Map<string, Date>()

  constructor(deps: { now?: () => Date } = {}) {
    this.#now = deps.now ?? (() => new Date())
  }

  /** A code that opens the page once, within five minutes. It belongs into a URL's fragment, never into its path. */
  createCode(): Credential {
    return this.#issue(this.#codes, CODE_LIFETIME_MS, MAX_OPEN_CODES)
  }

  /** Trades a code for a token of twelve hours; `null` when the code is unknown, used or expired. */
  redeem(code: string): Credential | null {
    const key = digest(code)
    const expiresAt = this.#codes.get(key)
    this.#codes.delete(key)
    if (expiresAt === undefined || expiresAt <= this.#now()) return null
    return this.#issue(this.#tokens, TOKEN_LIFETIME_MS, MAX_TOKENS)
  }

  /** What is known of a token; `null` when it is not (or no longer) one of ours. */
  findSession(token: string): { holder: string; expiresAt: Date; holds: () => boolean } | null {
    const key = digest(token)
    const expiresAt = this.#tokens.get(key)
    if (expiresAt === undefined || expiresAt <= this.#now()) return null
    return { holder: key, expiresAt, holds: () => this.#tokens.has(key) }
  }

  /** Whether it is one of the codes or tokens, used or not, that are kept. */
  isKnown(text: string): boolean {
    const key = digest(text)
    return this.#codes.has(key) || this.#tokens.has(key)
  }

  /** Ends every code and every session. */
  revokeAll(): void {
    this.#codes.clear()
    this.#tokens.clear()
  }

  #issue(issued: Map<string, Date>, lifetimeMs: number, limit: number): Credential {
    const now = this.#now()
    for (const [key, expiresAt] of issued) if (expiresAt <= now) issued.delete(key)
    for (const key of issued.keys()) {
      if (issued.size < limit) break
      issued.delete(key)
    }
    const value = randomBytes(SECRET_BYTES).toString('base64url')
    const expiresAt = new Date(now.getTime() + lifetimeMs)
    issued.set(digest(value), expiresAt)
    return { value, expiresAt }
  }
}

/** Secrets are looked up by digest, so that neither the timing of a map nor the keys in a heap dump reveal one. */
function digest(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('base64url')
}
