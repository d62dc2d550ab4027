import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import { OWN_TOKEN_ALGORITHM, OWN_TOKEN_NAME, ownTokenKey } from './own-token.ts'

interface OwnTokenRequest {
  scopes: readonly Scope[]
  /** The daemon accepts at most an hour. */
  lifetimeSeconds: number
  subject: string
}

/** A token (JWT) with these scopes only, for this time only. */
export function issueOwnToken(localToken: string, request: OwnTokenRequest, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return new SignJWT({ scope: request.scopes.join(' ') })
    .setProtectedHeader({ alg: OWN_TOKEN_ALGORITHM, typ: 'JWT' })
    .setIssuer(OWN_TOKEN_NAME)
    .setAudience(OWN_TOKEN_NAME)
    .setSubject(request.subject)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + request.lifetimeSeconds)
    .setJti(randomUUID())
    .sign(ownTokenKey(localToken).key)
}
