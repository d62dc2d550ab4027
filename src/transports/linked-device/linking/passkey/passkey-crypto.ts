/**
 * The cryptography of linking with a passkey, as WhatsApp Web has it; pure functions over bytes. Sources: WhatsApp Web's
 * `WAWebShortcakeLinking`, whatsmeow `pair-passkey.go`, zapo `shortcake-crypto.ts`, which agree.
 */
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { bytesToCrockford, Curve, proto } from '@whiskeysockets/baileys'

/** What this device says it is. The same number goes into its identity and into the salt of the key. */
const DEVICE_TYPE = proto.DeviceProps.PlatformType.CHROME

const KEY_BYTES = 32
/** Of the phone's nonce, five bytes go into the code: eight characters of five bits. */
const CODE_BYTES = 5

/** A key pair of X25519, without the type byte of Signal. */
export interface EphemeralKeyPair {
  private: Uint8Array
  public: Uint8Array
}

/** What the phone shows of itself in the ceremony, 32 bytes each. */
export interface PrimaryIdentity {
  publicKey: Uint8Array
  nonce: Uint8Array
}

/** This device's part of a pairing request, 32 bytes each. */
export interface PairingSecrets {
  /** Public half of the static Noise key. */
  noiseKey: Uint8Array
  /** Public half of the identity key. */
  identityKey: Uint8Array
  advSecret: Uint8Array
}

/** Of the secret that the phone read with the QR, or that the pairing code led to. */
export function handoffKey(advSecret: Uint8Array): Uint8Array {
  return deriveKey(advSecret, new Uint8Array(0), 'shortcake-passkey-handoff-v1')
}

/** The encoded `ProloguePayload`: this device's ephemeral identity, and a commitment to it and to the nonce. */
export function prologuePayload(o: { publicKey: Uint8Array; ref: string; nonce: Uint8Array }): Uint8Array {
  const identity = proto.CompanionEphemeralIdentity.encode({
    publicKey: o.publicKey,
    deviceType: DEVICE_TYPE,
    ref: o.ref,
  }).finish()
  const hash = sha256(identity, o.nonce)
  return proto.ProloguePayload.encode({
    companionEphemeralIdentity: identity,
    commitment: { hash },
  }).finish()
}

/** Shows the phone that who signed is who has shown it the code. */
export function handoffProof(key: Uint8Array, payload: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(payload).digest()
}

/** The eight characters that both sides show. */
export function verificationCode(nonce: Uint8Array, primary: PrimaryIdentity): string {
  const digest = sha256(nonce, primary.publicKey)
  const bytes = Buffer.alloc(CODE_BYTES)
  for (const index of bytes.keys()) bytes[index] = (primary.nonce[index] ?? 0) ^ (digest[index] ?? 0)
  return bytesToCrockford(bytes)
}

/** The key of the pairing request, from what the two ephemeral keys share. */
export function pairingKey(shared: Uint8Array, ref: string): Uint8Array {
  const salt = Buffer.from(`Companion Pairing ${DEVICE_TYPE} with ref ${ref}`)
  return deriveKey(shared, salt, 'Pairing Information Encryption Key')
}

/** The encoded `EncryptedPairingRequest`. `iv` has 12 random bytes. Throws when the phone's key is no point. */
export function sealPairingRequest(o: {
  secrets: PairingSecrets
  keyPair: EphemeralKeyPair
  primary: PrimaryIdentity
  ref: string
  iv: Uint8Array
}): Uint8Array {
  const shared = Curve.sharedKey(o.keyPair.private, o.primary.publicKey)
  const request = proto.PairingRequest.encode({
    companionPublicKey: o.secrets.noiseKey,
    companionIdentityKey: o.secrets.identityKey,
    advSecret: o.secrets.advSecret,
  }).finish()
  const cipher = createCipheriv('aes-256-gcm', pairingKey(shared, o.ref), o.iv)
  const encryptedPayload = Buffer.concat([cipher.update(request), cipher.final(), cipher.getAuthTag()])
  return proto.EncryptedPairingRequest.encode({ encryptedPayload, iv: o.iv }).finish()
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function deriveKey(material: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', material, salt, info, KEY_BYTES))
}
