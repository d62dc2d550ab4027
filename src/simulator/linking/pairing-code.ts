import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { Curve, type KeyPair } from '@whiskeysockets/baileys'

const ITERATIONS = 131_072
const SALT_BYTES = 32
const CTR_IV_BYTES = 16
const GCM_IV_BYTES = 12
const GCM_TAG_BYTES = 16
const KEY_BYTES = 32

const derive = promisify(pbkdf2)

const codeKey = (code: string, salt: Uint8Array): Promise<Buffer> =>
  derive(code, salt, ITERATIONS, KEY_BYTES, 'sha256')

const expand = (secret: Uint8Array, salt: Uint8Array, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, KEY_BYTES))

/** Wraps an ephemeral public key with the eight characters that a person types: salt, IV, ciphertext; 80 bytes. */
export async function wrapEphemeralKey(
  code: string,
  publicKey: Uint8Array,
  random: (size: number) => Buffer,
): Promise<Buffer> {
  const salt = random(SALT_BYTES)
  const iv = random(CTR_IV_BYTES)
  const cipher = createCipheriv('aes-256-ctr', await codeKey(code, salt), iv)
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()])
}

/** The wrapped key. A wrong code gives a wrong key, not an error: only the key bundle tells. */
export async function unwrapEphemeralKey(code: string, wrapped: Buffer): Promise<Buffer> {
  const salt = wrapped.subarray(0, SALT_BYTES)
  const iv = wrapped.subarray(SALT_BYTES, SALT_BYTES + CTR_IV_BYTES)
  const decipher = createDecipheriv('aes-256-ctr', await codeKey(code, salt), iv)
  return Buffer.concat([decipher.update(wrapped.subarray(SALT_BYTES + CTR_IV_BYTES)), decipher.final()])
}

/**
 * Opens what the companion sends last and derives the secret that seals its device certificate. Throws when the two
 * sides did not use the same code, or when the bundle names other identity keys than theirs.
 */
export function agreeOnSecret(o: {
  ephemeral: KeyPair
  identity: KeyPair
  companionEphemeralKey: Uint8Array
  companionIdentityKey: Uint8Array
  sealedBundle: Buffer
}): Buffer {
  const shared = Curve.sharedKey(o.ephemeral.private, o.companionEphemeralKey)
  const salt = o.sealedBundle.subarray(0, SALT_BYTES)
  const key = expand(shared, salt, 'link_code_pairing_key_bundle_encryption_key')
  const iv = o.sealedBundle.subarray(SALT_BYTES, SALT_BYTES + GCM_IV_BYTES)
  const sealed = o.sealedBundle.subarray(SALT_BYTES + GCM_IV_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(sealed.subarray(-GCM_TAG_BYTES))
  const bundle = Buffer.concat([decipher.update(sealed.subarray(0, -GCM_TAG_BYTES)), decipher.final()])
  const expected = Buffer.concat([o.companionIdentityKey, o.identity.public])
  if (!bundle.subarray(0, expected.length).equals(expected))
    throw new Error('the key bundle names other identities')
  const identityShared = Curve.sharedKey(o.identity.private, o.companionIdentityKey)
  const random = bundle.subarray(expected.length)
  return expand(Buffer.concat([shared, identityShared, random]), Buffer.alloc(0), 'adv_secret')
}
