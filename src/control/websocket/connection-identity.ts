import type { Logger } from 'pino'
import type { CloseReason } from '../../protocol/close-codes.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { TOKEN_REFUSALS } from '../../protocol/token-refusals.ts'
import type { TokenRefusal } from '../../protocol/token-refusals.ts'
import type { AttemptLimit } from '../auth/attempt-limit.ts'
import type { Authenticator, Identity } from '../auth/authenticate.ts'
import type { HolderLimits } from '../limits/holder-limits.ts'
import type { LogAllowance } from '../limits/log-allowance.ts'

export interface ConnectionIdentityDeps {
  authenticator: Authenticator
  attempts: AttemptLimit
  holders: HolderLimits
  logger: Logger
  /** Bounds the log lines that clients cause with wrong tokens. */
  refusedLines: LogAllowance
  now: () => Date
  /** Where the client comes from: wrong tokens are counted by it. */
  source: string
  isOpen: () => boolean
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

  /** Takes over what a token was found to be. Answers with why the socket is to be closed, or `null` when it was accepted. */
  adopt(verdict: Identity | TokenRefusal): CloseReason | null {
    const refusal = this.#take(verdict)
    return refusal === null || refusal === 'too_many_connections' ? refusal : this.#failedAttempt(refusal)
  }

  /**
   * Judges a token and takes over its identity. Rejects with `DaemonError` (`unauthorized`, `rate_limited`) after `refused` was
   * called with the reason for closing the socket.
   */
  async authenticate(token: string, refused: (reason: CloseReason) => void): Promise<Identity> {
    const verdict = await this.#deps.authenticator.authenticate(token)
    const refusal = this.#take(verdict)
    if (refusal === null && typeof verdict !== 'string') return verdict
    if (refusal === 'too_many_connections') {
      refused(refusal)
      throw new DaemonError('rate_limited', {
        message: 'This token has as many connections open as it may, or no place is left for it.',
        action: 'Close some of them (other pages and programs with the same token), then try again.',
        details: { reason: refusal },
      })
    }
    const reason = refusal ?? 'invalid_token'
    refused(this.#failedAttempt(reason))
    throw new DaemonError('unauthorized', { message: TOKEN_REFUSALS[reason], details: { reason } })
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

  #take(verdict: Identity | TokenRefusal): TokenRefusal | 'too_many_connections' | null {
    if (typeof verdict === 'string') return verdict
    // Something may have changed while the signature was verified.
    if (!verdict.holds()) return 'token_revoked'
    this.leave()
    // A socket that is gone already would never give its place back.
    if (!this.#deps.isOpen()) return 'too_many_connections'
    if (!this.#deps.holders.enter(verdict)) return 'too_many_connections'
    this.#current = verdict
    return null
  }

  #failedAttempt(reason: TokenRefusal): CloseReason {
    const { attempts, logger, refusedLines, source } = this.#deps
    if (attempts.failed(source)) return 'too_many_attempts'
    refusedLines.line((leftOut) =>
      logger.warn({ reason, leftOut }, 'a control client came with a token that is not accepted'),
    )
    return 'unauthorized'
  }
}
