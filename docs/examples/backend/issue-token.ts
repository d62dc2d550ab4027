import { randomUUID } from 'node:crypto'
import { importPKCS8, SignJWT } from 'jose'

export interface SandboxAccess {
  /** `whatsappd.auth.issuer` and `audience` of this sandbox. */
  issuer: string
  audience: string
  /** One of `whatsappd.auth.subjects`. */
  userId: string
  /** No more than the page needs. */
  scope: string
  lifetimeSeconds: number
}

/** What `POST /api/sandbox/token` answers with, once it knows that the sandbox is this signed-in user's. */
export async function issueSandboxToken(privateKeyPem: string, access: SandboxAccess): Promise<string> {
  const key = await importPKCS8(privateKeyPem, 'EdDSA')
  const now = Math.floor(Date.now() / 1_000)
  return new SignJWT({ scope: access.scope })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(access.issuer)
    .setAudience(access.audience)
    .setSubject(access.userId)
    .setIssuedAt(now)
    .setExpirationTime(now + access.lifetimeSeconds)
    .setJti(randomUUID())
    .sign(key)
}
