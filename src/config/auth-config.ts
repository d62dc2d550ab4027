import type { Scope } from '../protocol/tokens/scopes.ts'
import type { SecretReference } from './model.ts'

/** `whatsappd.auth`: whose tokens open the control plane. Plain data, so that two can be compared. */
export interface AuthConfig {
  jwtKeys: readonly JwtKeyConfig[]
  /** Never `null` where there is a key, like `audience` and `subjects`. */
  issuer: string | null
  audience: string | null
  /** `null` is every subject; without keys it is empty. */
  subjects: readonly string[] | null
  claims: {
    subject: string
    scope: string
    defaultScopes: readonly Scope[]
    required: Readonly<Record<string, string | number | boolean>>
  }
  /** What a scraper shows at `/metrics`. */
  metricsToken: SecretReference | null
  /** Ids of tokens (`jti`). */
  revoked: readonly string[]
}

export type JwtKeyConfig = {
  /** Which `kid` it is for; `null` is any. */
  id: string | null
} & ({ secret: SecretReference } | { publicKey: SecretReference })
