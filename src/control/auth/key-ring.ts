import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { AuthConfig } from '../../config/auth-config.ts'
import type { SecretReference } from '../../config/model.ts'
import { refuseWeakSecret } from '../../config/secrets/refuse-weak-secret.ts'
import { loadPublicKey, loadSecretKey } from '../../config/secrets/load-jwt-key.ts'
import type { JwtKey } from '../../config/secrets/load-jwt-key.ts'
import type { SecretReader } from '../../config/secrets/secret-reader.ts'
import { GENERAL_SCOPES } from '../../protocol/tokens/scopes.ts'
import type { TokenRules } from './judge-claims.ts'
import { ownTokenKey, ownTokenRules } from './own-token.ts'

/** A key with the claims that its tokens must have. */
export interface RingKey extends JwtKey {
  rules: TokenRules
}

export interface KeyRingDeps {
  settings: () => AuthConfig
  secrets: SecretReader
  logger: Logger
}

type Source = { text: string } | { why: string }

/** The keys that verify tokens now: this sandbox's own and those of `whatsappd.auth`. */
export class KeyRing {
  readonly #deps: KeyRingDeps
  #keys: readonly RingKey[] = []
  #unusable = new Map<string, string>()
  #metricsToken: string | null = null
  /** What the keys were made from. */
  #made: {
    localToken: string | null
    settings: AuthConfig
    sources: readonly Source[]
    metrics: Source | null
  } | null = null

  constructor(deps: KeyRingDeps) {
    this.#deps = deps
  }

  get keys(): readonly RingKey[] {
    return this.#keys
  }

  /** Whether `whatsappd.auth` names a key, usable or not. */
  get isConfigured(): boolean {
    return (this.#made?.settings.jwtKeys.length ?? 0) > 0
  }

  /** `whatsappd.auth.metricsToken`; `null` without one that can be used. Secret. */
  get metricsToken(): string | null {
    return this.#metricsToken
  }

  /** Why a key cannot be used, by the path of its setting. */
  get unusable(): ReadonlyMap<string, string> {
    return this.#unusable
  }

  /** Whether a key is in a file, of whose change nothing tells. */
  get areInFiles(): boolean {
    const { jwtKeys, metricsToken } = this.#deps.settings()
    const references = jwtKeys.map((key) => ('secret' in key ? key.secret : key.publicKey))
    return [...references, metricsToken].some((reference) => reference !== null && 'file' in reference)
  }

  /** Reads every reference again; true when something changed. No token is accepted by a key that cannot be used. */
  refresh(localToken: string | null): boolean {
    const settings = this.#deps.settings()
    const sources = settings.jwtKeys.map((key) => this.#read('secret' in key ? key.secret : key.publicKey))
    const metrics = settings.metricsToken && this.#read(settings.metricsToken)
    const made = { localToken, settings, sources, metrics }
    if (isDeepStrictEqual(made, this.#made)) return false
    this.#made = made
    this.#unusable = new Map()
    this.#keys = [...ownKeys(localToken, settings), ...this.#configuredKeys(settings, sources)]
    this.#metricsToken = metrics && this.#strongToken(metrics)
    return true
  }

  #read(reference: SecretReference): Source {
    try {
      return { text: this.#deps.secrets.read(reference) }
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error) }
    }
  }

  #configuredKeys(settings: AuthConfig, sources: readonly Source[]): RingKey[] {
    const { issuer, audience } = settings
    // The config requires both where there is a key.
    if (issuer === null || audience === null) return []
    const rules = { ...settings, issuer, audience, countsTokens: false, grantable: GENERAL_SCOPES }
    return settings.jwtKeys.flatMap((config, index) => {
      const source = sources[index]
      if (source === undefined) return []
      try {
        if ('why' in source) throw new Error(source.why)
        const load = 'secret' in config ? loadSecretKey : loadPublicKey
        return [{ ...load(source.text, config.id), rules }]
      } catch (error) {
        this.#refuse(`jwtKeys[${index}].${'secret' in config ? 'secret' : 'publicKey'}`, error)
        return []
      }
    })
  }

  /** `null` for one that can be guessed or cannot be read. */
  #strongToken(source: Source): string | null {
    try {
      if ('why' in source) throw new Error(source.why)
      refuseWeakSecret(Buffer.from(source.text))
      return source.text
    } catch (error) {
      this.#refuse('metricsToken', error)
      return null
    }
  }

  #refuse(key: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    const setting = `whatsappd.auth.${key}`
    this.#unusable.set(setting, why)
    this.#deps.logger.error(
      { code: 'unusable_key', setting, why },
      'a key cannot be used: no token is accepted by it',
    )
  }
}

function ownKeys(localToken: string | null, { revoked }: AuthConfig): RingKey[] {
  return localToken === null ? [] : [{ ...ownTokenKey(localToken), rules: ownTokenRules(revoked) }]
}
