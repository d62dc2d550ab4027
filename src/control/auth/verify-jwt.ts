import type { ProtectedHeaderParameters } from 'jose'
import type { JwtKey } from '../../config/secrets/load-jwt-key.ts'

/** A token of another shape is rejected without loading the library, which a daemon without a dashboard never needs. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** A token that no key verifies. Its own words are untrusted: they only help to say why. */
export interface UnverifiedJwt<Key extends JwtKey> {
  /** The keys of the kind and of the id that its header names: by these its signature is wrong. */
  fitting: readonly Key[]
  /** The algorithm of its header. */
  alg: string
  /** The issuer of its payload, where there is one. */
  issuer: unknown
}

/**
 * The payload of a signed token and the key that it was verified with; an `UnverifiedJwt` when no key fits; `null` for what is
 * no token at all. The algorithm must be one of the key's own kind; what the token claims does not matter.
 */
export async function verifyJwt<Key extends JwtKey>(
  token: string,
  keys: readonly Key[],
): Promise<{ payload: unknown; key: Key } | UnverifiedJwt<Key> | null> {
  if (!COMPACT_JWS.test(token)) return null
  const { compactVerify, decodeProtectedHeader } = await import('jose')
  const header = headerOf(token, decodeProtectedHeader)
  if (header === null) return null
  const { alg = '', kid } = header
  const fitting = keys.filter(
    (key) => key.algorithms.some((own) => own === alg) && (key.id === null || (kid ?? key.id) === key.id),
  )
  for (const key of fitting) {
    try {
      const { payload } = await compactVerify(token, key.key, { algorithms: [...key.algorithms] })
      return { payload: parseJson(new TextDecoder().decode(payload)), key }
    } catch {
      // Another key may verify it.
    }
  }
  return { fitting, alg, issuer: issuerOf(token) }
}

function headerOf(
  token: string,
  decode: (token: string) => ProtectedHeaderParameters,
): ProtectedHeaderParameters | null {
  try {
    const header = decode(token)
    // An unencoded payload is no JWT.
    return 'b64' in header ? null : header
  } catch {
    return null
  }
}

function issuerOf(token: string): unknown {
  const payload = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return (payload as { iss?: unknown } | null)?.iss
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
