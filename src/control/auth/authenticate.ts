import { createHash, timingSafeEqual } from 'node:crypto'
import { DaemonError } from '../../protocol/errors.ts'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import { GENERAL_SCOPES } from '../../protocol/tokens/scopes.ts'
import { daemonProof } from './daemon-proof.ts'
import { isOwnCredential } from './is-own-credential.ts'
import { judgeClaims } from './judge-claims.ts'
import type { KeyRing, RingKey } from './key-ring.ts'
import type { LoginLinks } from './login-link.ts'
import { OWN_TOKEN_NAME } from './own-token.ts'
import type { RefusedTokens } from './refused-tokens.ts'
import { INVALID_TOKEN_CAUSES } from '../../protocol/tokens/token-refusals.ts'
import type { RefusalCause, TokenRefusal } from '../../protocol/tokens/token-refusals.ts'
import type { AuthReport } from '../views/build-config-view.ts'
import { verifyJwt } from './verify-jwt.ts'
import type { UnverifiedJwt } from './verify-jwt.ts'

/** Longer ones are rejected without being read. */
const MAX_TOKEN_LENGTH = 4_096

/** The holder of a valid token. */
export interface Identity {
  /**
   * `local`: the token file of the state dir; `session`: a token traded for a single-use code; `jwt`: a signed one, of
   * this sandbox or of a dashboard; `metrics`: `whatsappd.auth.metricsToken`.
   */
  kind: 'local' | 'session' | 'jwt' | 'metrics'
  /** Whose limits it uses: one user of a dashboard is one holder, with any number of tokens. Not for logs. */
  holder: string
  scopes: readonly Scope[]
  /** `null` is never. */
  expiresAt: Date | null
  /** False once the token, apart from its expiry, would no longer be accepted as it was. */
  holds: () => boolean
}

/** What the sender of a refused token learns. */
export interface Refusal {
  reason: TokenRefusal
  /** The claim that is to blame, of a token whose signature holds. */
  claim: string | null
}

/** Whether a token was refused. */
export function isRefusal(verdict: Identity | Refusal): verdict is Refusal {
  return 'reason' in verdict
}

export interface AuthenticatorDeps {
  /** Reads the token file; `null` when no local token is accepted. */
  readLocalToken: () => string | null
  /** Whether a change of the token file will be told, by `sourcesChanged`. */
  isTokenWatched?: () => boolean
  loginLinks: LoginLinks
  keys: KeyRing
  /** Tells the owner of each refusal. */
  refused: RefusedTokens
  now: () => Date
}

/** Finds the holder of a token, by the token file, the keys and the settings as they are at this moment. */
export class Authenticator {
  readonly #deps: AuthenticatorDeps
  readonly #listeners = new Set<() => void>()
  #localTokenHash: Buffer | null = null

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps
  }

  /**
   * Reads token file and keys again. True when something changed: ask every identity whether it still `holds`.
   * A new local token ends the sessions that the old one may have opened.
   */
  refresh(): boolean {
    const { readLocalToken, loginLinks, keys } = this.#deps
    const token = readLocalToken()
    const hash = token === null ? null : sha256(token)
    const before = this.#localTokenHash
    this.#localTokenHash = hash
    if (before !== null && (hash === null || !before.equals(hash))) loginLinks.revokeAll()
    const isChanged = keys.refresh(token)
    if (isChanged) {
      this.#deps.refused.forget()
      this.#tell()
    }
    return isChanged
  }

  /** Something that tokens are judged by may be another now. */
  sourcesChanged(): void {
    // What it finds is told in any case: a replacement may be under way.
    if (!this.refresh()) this.#tell()
  }

  /** Whether whatever changes is told: nobody need look by the clock. */
  get isWatched(): boolean {
    const { isTokenWatched = () => false, keys } = this.#deps
    return isTokenWatched() && !keys.areInFiles
  }

  /** Calls back when identities may hold no more. Answers what ends it. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** What is wrong with keys and tokens at this moment. */
  report(): AuthReport {
    this.refresh()
    return { unusableKeys: this.#deps.keys.unusable, refusedTokens: this.#deps.refused.list() }
  }

  /** What proves to `challenge` that this process holds the local token; see `daemonProof`. Throws `DaemonError` without one. */
  prove(challenge: string, address: string): string {
    const token = this.#deps.readLocalToken()
    if (token !== null) return daemonProof(token, challenge, address)
    throw new DaemonError('storage_error', {
      message: 'The local token cannot be used, so this daemon proves nothing.',
      action: 'The log names the file and the cure.',
    })
  }

  /** Whether `text` opens this control plane or did (`is-own-credential.ts`); the local token aside. */
  isCredential(text: string): boolean {
    this.refresh()
    const { keys, loginLinks } = this.#deps
    return isOwnCredential(text, { keys: keys.keys, loginLinks })
  }

  /** The identity, or why there is none; the owner of the sandbox is told more. */
  async authenticate(given: string): Promise<Identity | Refusal> {
    // As it is read from a file, with the end of its line.
    const token = given.trim()
    if (token.length > MAX_TOKEN_LENGTH) return this.#refuse('not_a_token')
    this.refresh()
    return (
      this.#asLocal(token) ?? this.#asScraper(token) ?? this.#asSession(token) ?? (await this.#asJwt(token))
    )
  }

  #asLocal(token: string): Identity | null {
    // Both sides are hashed to the same length, so that not even the length can be measured.
    const hash = sha256(token)
    const isLocal = (): boolean =>
      this.#localTokenHash !== null && timingSafeEqual(hash, this.#localTokenHash)
    return isLocal()
      ? { kind: 'local', holder: 'local', scopes: GENERAL_SCOPES, expiresAt: null, holds: isLocal }
      : null
  }

  #asScraper(token: string): Identity | null {
    const hash = sha256(token)
    const holds = (): boolean => {
      const { metricsToken } = this.#deps.keys
      return metricsToken !== null && timingSafeEqual(hash, sha256(metricsToken))
    }
    return holds()
      ? { kind: 'metrics', holder: 'metrics', scopes: ['metrics'], expiresAt: null, holds }
      : null
  }

  #asSession(token: string): Identity | null {
    const { loginLinks } = this.#deps
    const session = loginLinks.findSession(token)
    return (
      session && { kind: 'session', scopes: GENERAL_SCOPES, ...session, holder: `session ${session.holder}` }
    )
  }

  async #asJwt(token: string): Promise<Identity | Refusal> {
    const verified = await verifyJwt(token, this.#deps.keys.keys)
    if (verified === null) return this.#refuse('not_a_token')
    if (!('key' in verified)) return this.#refuseUnverified(verified)
    const { payload, key } = verified
    const grant = judgeClaims(payload, key.rules, this.#deps.now())
    if ('refusal' in grant) return this.#refuse(grant.refusal, grant.claim)
    const { holder, scopes, expiresAt } = grant
    return {
      kind: 'jwt',
      holder: `jwt ${holder}`,
      scopes,
      expiresAt,
      holds: () => this.#stillGrants(payload, key, grant.scopes),
    }
  }

  #refuseUnverified({ alg, fitting, issuer }: UnverifiedJwt<RingKey>): Refusal {
    const { isConfigured, unusable } = this.#deps.keys
    if (issuer === OWN_TOKEN_NAME) return this.#refuse('own_token_outdated')
    if (!isConfigured) return this.#refuse('auth_not_configured')
    const kind = alg.startsWith('HS') ? '.secret' : '.publicKey'
    const suspects = [...unusable].filter(([setting]) => setting.endsWith(kind))
    if (suspects.length > 0)
      return this.#refuse('key_unusable', suspects.map(([setting, why]) => `${setting}: ${why}`).join('; '))
    // A key of the sandbox itself fits every token that is signed with a secret.
    const isKeyFound = fitting.some(({ rules }) => rules.issuer !== OWN_TOKEN_NAME)
    return this.#refuse(isKeyFound ? 'wrong_signature' : 'no_key_fits')
  }

  #refuse(cause: RefusalCause, detail: string | null = null): Refusal {
    this.#deps.refused.record(cause, detail)
    // Who proved nothing learns nothing.
    return cause in INVALID_TOKEN_CAUSES
      ? { reason: 'invalid_token', claim: null }
      : { reason: cause as TokenRefusal, claim: detail }
  }

  #stillGrants(payload: unknown, { fingerprint }: RingKey, scopes: readonly Scope[]): boolean {
    return this.#deps.keys.keys.some((key) => {
      if (key.fingerprint !== fingerprint) return false
      const grant = judgeClaims(payload, key.rules, this.#deps.now())
      // A token that has expired in the meantime is not reported as withdrawn.
      if ('refusal' in grant) return grant.refusal === 'token_expired'
      return grant.scopes.join() === scopes.join()
    })
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
