import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { Curve, generateSignalPubKey, type KeyPair, proto } from '@whiskeysockets/baileys'
import { isSignedBy } from './signature.ts'

/** Version 3, and 3 as the oldest that is understood. */
const VERSION = 0x33
const SIGNATURE_BYTES = 64
const KEY_TYPE_BYTES = 1
const IV_BYTES = 16
const KEY_BYTES = 32

/** What lets somebody read a sender's group messages from a point on. */
export interface SenderKeyDistribution {
  keyId: number
  iteration: number
  chainKey: Uint8Array
  /** 32 bytes; every message is signed with it. */
  signingKey: Uint8Array
}

interface Opened {
  keyId: number
  iteration: number
  /** Throws where the signature is not this key's. */
  verify(signingKey: Uint8Array): void
  /** Throws where the seed is another message's. */
  decrypt(seed: Buffer): Buffer
}

/** `skmsg`: a message to a group, encrypted once for all and signed by its sender. */
export function sealGroupMessage(o: {
  keyId: number
  iteration: number
  seed: Buffer
  signingKey: KeyPair
  plaintext: Uint8Array
}): Buffer {
  const { key, iv } = messageKey(o.seed)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const ciphertext = Buffer.concat([cipher.update(o.plaintext), cipher.final()])
  const body = proto.SenderKeyMessage.encode({ id: o.keyId, iteration: o.iteration, ciphertext }).finish()
  const signed = Buffer.concat([Buffer.from([VERSION]), body])
  return Buffer.concat([signed, Curve.sign(o.signingKey.private, signed)])
}

/** Throws where the bytes are no group message. */
export function openGroupMessage(bytes: Buffer): Opened {
  if (bytes.length <= SIGNATURE_BYTES || bytes[0] !== VERSION) throw new Error('no group message')
  const signed = bytes.subarray(0, -SIGNATURE_BYTES)
  const { id, iteration, ciphertext } = proto.SenderKeyMessage.decode(signed.subarray(1))
  return {
    keyId: id ?? 0,
    iteration: iteration ?? 0,
    verify: (signingKey) => {
      if (!isSignedBy(signingKey, signed, bytes.subarray(-SIGNATURE_BYTES)))
        throw new Error('Invalid signature!')
    },
    decrypt: (seed) => {
      const { key, iv } = messageKey(seed)
      const decipher = createDecipheriv('aes-256-cbc', key, iv)
      return Buffer.concat([decipher.update(ciphertext ?? new Uint8Array()), decipher.final()])
    },
  }
}

export function encodeDistribution(o: SenderKeyDistribution): Buffer {
  const body = proto.SenderKeyDistributionMessage.encode({
    id: o.keyId,
    iteration: o.iteration,
    chainKey: o.chainKey,
    signingKey: generateSignalPubKey(o.signingKey),
  }).finish()
  return Buffer.concat([Buffer.from([VERSION]), body])
}

/** Throws where the bytes are no distribution message, or one without its keys. */
export function decodeDistribution(bytes: Uint8Array): SenderKeyDistribution {
  const { id, iteration, chainKey, signingKey } = proto.SenderKeyDistributionMessage.decode(bytes.subarray(1))
  if (chainKey?.length !== KEY_BYTES || signingKey?.length !== KEY_BYTES + KEY_TYPE_BYTES)
    throw new Error('no sender key in the distribution message')
  return {
    keyId: id ?? 0,
    iteration: iteration ?? 0,
    chainKey,
    signingKey: signingKey.subarray(KEY_TYPE_BYTES),
  }
}

function messageKey(seed: Buffer): { iv: Buffer; key: Buffer } {
  const derived = Buffer.from(
    hkdfSync('sha256', seed, Buffer.alloc(KEY_BYTES), 'WhisperGroup', IV_BYTES + KEY_BYTES),
  )
  return { iv: derived.subarray(0, IV_BYTES), key: derived.subarray(IV_BYTES) }
}
