import { createHash, createSecretKey, hkdfSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { JwtKey } from '../config/load-jwt-key.ts'
import type { Scope } from '../protocol/events.ts'
import type { TokenRules } from './judge-claims.ts'

const ISSUER = 'whatsappd'
const AUDIENCE = 'whatsappd'
const ALGORITHM = 'HS256'
const KEY_BYTES = 32

export interface OwnTokenRequest {
  scopes: readonly Scope[]
  /** At most an hour counts. */
  lifetimeSeconds: number
  subject: string
}

/**
 * The key of the tokens that this sandbox issues itself, derived from its local token: whoever has that may do
 * everything anyhow, and a new one voids them all.
 */
export function ownTokenKey(localToken: string): JwtKey {
  const bytes = Buffer.from(hkdfSync('sha256', localToken, '', 'whatsappd issued tokens 1', KEY_BYTES))
  const fingerprint = createHash('sha256').update('own:').update(bytes).digest('base64url')
  return { id: null, algorithms: [ALGORITHM], key: createSecretKey(bytes), fingerprint }
}

/** A token (JWT) that does only what it says, for as long as it says. */
export function issueOwnToken(localToken: string, request: OwnTokenRequest, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return new SignJWT({ scope: request.scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(request.subject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + request.lifetimeSeconds)
    .setJti(randomUUID())
    .sign(ownTokenKey(localToken).key)
}

/** What such a token has to say. */
export function ownTokenRules(revoked: readonly string[]): TokenRules {
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    subjects: null,
    claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
    revoked,
  }
}
