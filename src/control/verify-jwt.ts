import { compactVerify, decodeProtectedHeader } from 'jose'
import type { JwtKey } from '../config/load-jwt-key.ts'

/**
 * The payload of a signed token and the key that it was verified with; `null` when none fits. The algorithm must be one
 * of the key's own kind, whatever the token says of itself.
 */
export async function verifyJwt<Key extends JwtKey>(
  token: string,
  keys: readonly Key[],
): Promise<{ payload: unknown; key: Key } | null> {
  const header = headerOf(token)
  if (header === null) return null
  const { alg, kid } = header
  for (const key of keys) {
    const fits = key.algorithms.some((own) => own === alg) && (key.id === null || (kid ?? key.id) === key.id)
    if (!fits) continue
    try {
      const { payload } = await compactVerify(token, key.key, { algorithms: [...key.algorithms] })
      return { payload: JSON.parse(new TextDecoder().decode(payload)), key }
    } catch {
      // The next key may be the one.
    }
  }
  return null
}

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> | null {
  try {
    const header = decodeProtectedHeader(token)
    // An unencoded payload is no JWT.
    return 'b64' in header ? null : header
  } catch {
    return null
  }
}
