import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys'
import type { CompanionRegistration } from '../../server/linked-companion.ts'
import { openSealed, pairingKey } from './passkey-keys.ts'
import type { Prologue } from './prologue.ts'

const SECRET_BYTES = 32
const IV_BYTES = 12

/** The phone's half of the agreement. */
export interface PhoneKeys {
  ephemeral: KeyPair
  nonce: Buffer
}

/**
 * Opens the client's pairing request and returns the secret that seals its certificate. Throws where it was sealed with
 * another key, or names other keys than the client has registered with.
 */
export function openPairingRequest(o: {
  sealed: Buffer
  keys: PhoneKeys
  companion: Prologue
  client: CompanionRegistration
}): Buffer {
  const { encryptedPayload, iv } = proto.EncryptedPairingRequest.decode(o.sealed)
  if (iv?.length !== IV_BYTES || !encryptedPayload) throw new Error('the pairing request is not sealed')
  const shared = Curve.sharedKey(o.keys.ephemeral.private, o.companion.publicKey)
  const key = pairingKey(shared, o.companion.deviceType, o.companion.ref)
  const request = proto.PairingRequest.decode(openSealed(key, iv, Buffer.from(encryptedPayload)))
  const advSecret = Buffer.from(request.advSecret ?? [])
  const isOwn =
    o.client.noiseKey.equals(request.companionPublicKey ?? Buffer.alloc(0)) &&
    o.client.identityKey.equals(request.companionIdentityKey ?? Buffer.alloc(0))
  if (!isOwn) throw new Error('the pairing request names the keys of another client')
  if (advSecret.length !== SECRET_BYTES) throw new Error('the new secret has a wrong size')
  return advSecret
}
