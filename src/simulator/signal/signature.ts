import { generateSignalPubKey } from '@whiskeysockets/baileys'
import { verifySignature } from 'libsignal/src/curve.js'

/**
 * Whether `signature` is an XEdDSA signature over `message` by the 32-byte `publicKey`. Baileys' own `Curve.verify`
 * is no proof: it accepts every signature of the right length.
 */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verifySignature(generateSignalPubKey(publicKey), message, signature)
  } catch {
    return false
  }
}
