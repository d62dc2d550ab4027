import { createHash, createPublicKey, createSecretKey } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'
import { isRecord } from '../../protocol/is-record.ts'
import { refuseWeakPublicKey } from './refuse-weak-public-key.ts'
import { refuseWeakSecret } from './refuse-weak-secret.ts'

const MIN_RSA_BITS = 2_048
/** What a JWK has of a private or a shared key (RFC 7518, section 6): the factors of RSA are as good as its exponent. */
const PRIVATE_PARTS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/** A key that verifies tokens, and the only algorithms that it does so by. */
export interface JwtKey {
  /** The only `kid` it is for; `null` is any. */
  id: string | null
  algorithms: readonly string[]
  key: KeyObject
  /** The same for the same key. */
  fingerprint: string
}

/** The key that a dashboard shares. Throws an `Error` with the reason, never with the secret. */
export function loadSecretKey(secret: string, id: string | null): JwtKey {
  if (secret.includes('-----BEGIN '))
    throw new Error('holds a key pair\'s key: a public one belongs under "publicKey"')
  const bytes = Buffer.from(secret, 'utf8')
  refuseWeakSecret(bytes)
  return { id, algorithms: ['HS256'], key: createSecretKey(bytes), fingerprint: fingerprint('secret', bytes) }
}

/** A public key, PEM or JWK. Throws an `Error` with the reason. */
export function loadPublicKey(text: string, id: string | null): JwtKey {
  const trimmed = text.trim()
  const jwk = trimmed.startsWith('{') ? parseJwk(trimmed) : null
  const parts = jwk === null ? [] : [jwk, ...recordsOf(jwk['keys'])].flatMap((each) => Object.keys(each))
  if (trimmed.includes('PRIVATE KEY') || parts.some((part) => PRIVATE_PARTS.includes(part))) {
    throw new Error('is a private key, which must never be in a sandbox: put the public one here')
  }
  if (parts.includes('keys') || trimmed.split('-----BEGIN ').length > 2) {
    throw new Error('holds several keys: give each of them an entry of its own in "jwtKeys"')
  }
  const { use = 'sig', key_ops: operations = ['verify'] } = jwk ?? {}
  if (use !== 'sig' || !itemsOf(operations).includes('verify')) {
    throw new Error('says that it is not for verifying signatures ("use", "key_ops")')
  }
  const key = toPublicKey(jwk, trimmed)
  const algorithms = algorithmsOf(key)
  refuseWeakPublicKey(key)
  const declared = jwk?.['alg']
  if (typeof declared === 'string' && !algorithms.includes(declared)) {
    throw new Error(`says ("alg") that it is for another algorithm than its kind, which is ${algorithms[0]}`)
  }
  const kid = jwk?.['kid']
  return {
    id: id ?? (typeof kid === 'string' ? kid : null),
    algorithms,
    key,
    fingerprint: fingerprint('public', key.export({ type: 'spki', format: 'der' })),
  }
}

function parseJwk(text: string): JsonWebKey {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('is neither PEM nor a JWK')
  }
  if (!isRecord(value)) throw new Error('is neither PEM nor a JWK')
  return value
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return itemsOf(value).filter(isRecord)
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function toPublicKey(jwk: JsonWebKey | null, pem: string): KeyObject {
  try {
    return jwk === null ? createPublicKey(pem) : createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    throw new Error('is no public key, neither PEM nor JWK')
  }
}

/** The kind of the key decides, never the token: or a public key could pass for a shared secret. */
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly string[] {
  // Both names are registered for the same signature.
  if (asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519']
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return ['ES256']
  const bits = asymmetricKeyDetails?.modulusLength ?? 0
  if (asymmetricKeyType === 'rsa' && bits >= MIN_RSA_BITS) return ['RS256']
  throw new Error(`is of no kind that is taken: Ed25519, P-256, or RSA of at least ${MIN_RSA_BITS} bits`)
}

function fingerprint(kind: string, bytes: Buffer): string {
  return createHash('sha256').update(`${kind}:`).update(bytes).digest('base64url')
}
