import { createHash, timingSafeEqual } from 'node:crypto'
import type { Scope } from '../protocol/events.ts'
import { SCOPES } from '../protocol/methods.ts'
import type { LoginLinks } from './login-link.ts'

/** Who a valid token stands for. */
export interface Identity {
  /** `local`: the token file of the state dir; `session`: a token traded for a single-use code. */
  kind: 'local' | 'session'
  scopes: readonly Scope[]
  /** `null` is never. */
  expiresAt: Date | null
}

/** Tells who a token stands for. Answers `null` for everything else, after a comparison in constant time. */
export class Authenticator {
  readonly #localTokenHash: Buffer
  readonly #loginLinks: LoginLinks

  constructor(dependencies: { localToken: string; loginLinks: LoginLinks }) {
    this.#localTokenHash = sha256(dependencies.localToken)
    this.#loginLinks = dependencies.loginLinks
  }

  authenticate(token: string): Identity | null {
    // Hashing first makes both sides equally long, so that not even the length can be measured.
    if (timingSafeEqual(sha256(token), this.#localTokenHash)) {
      return { kind: 'local', scopes: SCOPES, expiresAt: null }
    }
    const expiresAt = this.#loginLinks.verifyToken(token)
    return expiresAt === null ? null : { kind: 'session', scopes: SCOPES, expiresAt }
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
