import { createHmac, timingSafeEqual, verify } from 'node:crypto'
import type { JwtKey } from '../../config/secrets/load-jwt-key.ts'
import type { LoginLinks } from './login-link.ts'

/**
 * Whether `text` opens this control plane, or did: a token that one of `keys` has signed, whatever it claims, or a code or a token of a
 * login link.
 */
export function isOwnCredential(
  text: string,
  { keys, loginLinks }: { keys: readonly JwtKey[]; loginLinks: Pick<LoginLinks, 'isKnown'> },
): boolean {
  const [header, payload, signature, ...more] = text.split('.')
  if (payload === undefined) return loginLinks.isKnown(text)
  if (signature === undefined || more.length > 0) return false
  const signed = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  return keys.some(({ key }) => {
    try {
      if (key.type === 'secret') {
        const right = createHmac('sha256', key).update(signed).digest()
        return right.length === bytes.length && timingSafeEqual(right, bytes)
      }
      const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
      return verify(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
    } catch {
      return false
    }
  })
}
