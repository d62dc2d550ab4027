import type { ProtectedHeaderParameters } from 'jose'
import type { JwtKey } from '../../config/secrets/load-jwt-key.ts'

/** A token of another shape is rejected without loading the library, which a daemon without a dashboard never needs. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * The payload of a signed token and the key that it was verified with; `null` when none fits. The algorithm must be one
 * of the key's own kind; what the token claims does not matter.
 */
export async function verifyJwt<Key extends JwtKey>(
  token: string,
  keys: readonly Key[],
): Promise<{ payload: unknown; key: Key } | null> {
  if (!COMPACT_JWS.test(token)) return null
  const { compactVerify, decodeProtectedHeader } = await import('jose')
  const header = headerOf(token, decodeProtectedHeader)
  if (header === null) return null
  const { alg, kid } = header
  for (const key of keys) {
    const fits = key.algorithms.some((own) => own === alg) && (key.id === null || (kid ?? key.id) === key.id)
    if (!fits) continue
    try {
      const { payload } = await compactVerify(token, key.key, { algorithms: [...key.algorithms] })
      return { payload: JSON.parse(new TextDecoder().decode(payload)), key }
    } catch {
      // Another key may verify it.
    }
  }
  return null
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
