import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { sha256 } from './passkey.ts'

const KEY_BYTES = 32
const GCM_TAG_BYTES = 16
const CODE_BYTES = 5
const BITS_PER_CHARACTER = 5
/** Crockford's base32 as WhatsApp uses it: without 0, I, O and U. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ'

const expand = (secret: Uint8Array, salt: Uint8Array | string, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, KEY_BYTES))

/** What the phone keeps of the secret in the QR code that it has read, or that a pairing code agreed on. */
export function handoffKey(advSecret: Uint8Array): Buffer {
  return expand(advSecret, Buffer.alloc(KEY_BYTES), 'shortcake-passkey-handoff-v1')
}

/** Proves that the client which sends this payload is the one whose code the phone has read. */
export function handoffProof(key: Uint8Array, prologuePayload: Uint8Array): Buffer {
  return createHmac('sha256', key).update(prologuePayload).digest()
}

/** Binds a client to its ephemeral key before it knows that of the phone. */
export function commitmentTo(companionIdentity: Uint8Array, companionNonce: Uint8Array): Buffer {
  return sha256(companionIdentity, companionNonce)
}

/** The eight characters that both sides show. */
export function comparisonCode(o: {
  companionNonce: Uint8Array
  primaryNonce: Uint8Array
  primaryPublicKey: Uint8Array
}): string {
  const digest = sha256(o.companionNonce, o.primaryPublicKey)
  const mixed = digest.subarray(0, CODE_BYTES).map((byte, index) => byte ^ (o.primaryNonce[index] ?? 0))
  const bits = Buffer.from(mixed)
    .readUIntBE(0, CODE_BYTES)
    .toString(2)
    .padStart(CODE_BYTES * 8, '0')
  const groups = bits.match(new RegExp(`.{${BITS_PER_CHARACTER}}`, 'g')) ?? []
  return groups.map((group) => ALPHABET[Number.parseInt(group, 2)]).join('')
}

/** Seals the pairing request; both sides derive it from their X25519 secret. */
export function pairingKey(sharedSecret: Uint8Array, deviceType: number, ref: string): Buffer {
  return expand(
    sharedSecret,
    `Companion Pairing ${deviceType} with ref ${ref}`,
    'Pairing Information Encryption Key',
  )
}

/** Opens AES-256-GCM with the tag at the end. Throws where the key is another. */
export function openSealed(key: Uint8Array, iv: Uint8Array, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(sealed.subarray(-GCM_TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, -GCM_TAG_BYTES)), decipher.final()])
}
