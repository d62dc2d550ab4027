import { createHash, createSecretKey, hkdfSync } from 'node:crypto'
import type { JwtKey } from '../../config/secrets/load-jwt-key.ts'
import { SCOPES } from '../../protocol/tokens/scopes.ts'
import type { TokenRules } from './judge-claims.ts'

/** The issuer and the audience of such a token. */
export const OWN_TOKEN_NAME = 'whatsappd'
export const OWN_TOKEN_ALGORITHM = 'HS256'
const KEY_BYTES = 32

/**
 * The key of the tokens that this sandbox issues itself, derived from its local token, which allows
 * everything. A new local token makes all of them invalid.
 */
export function ownTokenKey(localToken: string): JwtKey {
  const bytes = Buffer.from(hkdfSync('sha256', localToken, '', 'whatsappd issued tokens 1', KEY_BYTES))
  const fingerprint = createHash('sha256').update('own:').update(bytes).digest('base64url')
  return { id: null, algorithms: [OWN_TOKEN_ALGORITHM], key: createSecretKey(bytes), fingerprint }
}

/** The claims that such a token must have. */
export function ownTokenRules(revoked: readonly string[]): TokenRules {
  return {
    issuer: OWN_TOKEN_NAME,
    audience: OWN_TOKEN_NAME,
    subjects: null,
    claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
    revoked,
    // All have the same subject unless another one is named.
    countsTokens: true,
    grantable: SCOPES,
  }
}
