import type { CloseReason } from '../../protocol/close-codes.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import { isRefusal } from '../auth/authenticate.ts'
import type { Authenticator, Identity, Refusal } from '../auth/authenticate.ts'
import { refusalError } from '../auth/refusal-error.ts'
import type { HolderLimits } from '../limits/holder-limits.ts'

export interface ConnectionIdentityDeps {
  authenticator: Authenticator
  attempts: AttemptLimit
  holders: HolderLimits
  now: () => Date
  /** Where the client comes from: wrong tokens are counted by it. */
  source: string
  isOpen: () => boolean
}

/** Why a token was not taken over: what the client is answered, and how a socket is closed that has no other token. */
export interface NotTaken {
  error: DaemonError
  close: CloseReason
}

/** The holder of a connection: the identity of its token, and its place among the connections of the same holder. */
export class ConnectionIdentity {
  readonly #deps: ConnectionIdentityDeps
  #current: Identity | null = null

  constructor(deps: ConnectionIdentityDeps) {
    this.#deps = deps
  }

  /** `null` before a token was accepted, and after the connection has ended. */
  get current(): Identity | null {
    return this.#current
  }

  /** Whether the token is over its time. */
  get hasExpired(): boolean {
    const expiresAt = this.#current?.expiresAt ?? null
    return expiresAt !== null && expiresAt <= this.#deps.now()
  }

  /** Takes over what a token was found to be, or says why not; `null` when it was accepted. */
  adopt(verdict: Identity | Refusal): NotTaken | null {
    if (isRefusal(verdict)) return this.#failedAttempt(verdict)
    // Something may have changed while the signature was verified.
    if (!verdict.holds()) return this.#failedAttempt({ reason: 'token_revoked', claim: null })
    // A socket that is gone already would never give its place back.
    if (!this.#deps.isOpen() || !this.#takePlace(verdict)) return noPlace()
    this.#current = verdict
    return null
  }

  /**
   * Judges a token and takes over its identity. Rejects with `DaemonError` (`unauthorized`, `rate_limited`). Where the socket may not
   * stay open, `refused` is called before, with the reason for closing it; one that has another token keeps it until that ends.
   */
  async authenticate(token: string, refused: (reason: CloseReason) => void): Promise<Identity> {
    const verdict = await this.#deps.authenticator.authenticate(token)
    const notTaken = this.adopt(verdict)
    if (notTaken === null && !isRefusal(verdict)) return verdict
    const { error, close } = notTaken ?? noPlace()
    if (this.#current === null || close === 'too_many_attempts') refused(close)
    throw error
  }

  /** Why the socket may not stay open, or `null`: its token has expired, or would no longer be accepted. */
  closeReason(): CloseReason | null {
    if (this.#current === null) return null
    if (this.hasExpired) return 'token_expired'
    return this.#current.holds() ? null : 'token_withdrawn'
  }

  /** Gives the place back. Idempotent. */
  leave(): void {
    if (this.#current !== null) this.#deps.holders.leave(this.#current)
    this.#current = null
  }

  #takePlace(identity: Identity): boolean {
    const { holders } = this.#deps
    return this.#current === null ? holders.enter(identity) : holders.replace(this.#current, identity)
  }

  #failedAttempt(refusal: Refusal): NotTaken {
    const { attempts, source } = this.#deps
    const close = attempts.failed(source) ? 'too_many_attempts' : 'unauthorized'
    return { error: refusalError(refusal), close }
  }
}

function noPlace(): NotTaken {
  const close = 'too_many_connections'
  const error = new DaemonError('rate_limited', {
    message: 'This token has as many connections open as it may, or no place is left for it.',
    action: 'Close some of them (other pages and programs with the same token), then try again.',
    details: { reason: close },
  })
  return { error, close }
}
