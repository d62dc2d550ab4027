import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'
import { NOISE_MODE } from '@whiskeysockets/baileys'

const TAG_BYTES = 16
const NONCE_BYTES = 12
const EMPTY = Buffer.alloc(0)

function nonce(counter: number): Buffer {
  const value = Buffer.alloc(NONCE_BYTES)
  value.writeUInt32BE(counter, NONCE_BYTES - 4)
  return value
}

function seal(key: Buffer, counter: number, plaintext: Uint8Array, associated: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter))
  cipher.setAAD(associated)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function open(key: Buffer, counter: number, sealed: Uint8Array, associated: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter))
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()])
}

/**
 * The symmetric state of a Noise_XX_25519_AESGCM_SHA256 handshake, as in section 5.2 of the Noise specification.
 * Throws when a ciphertext was not made for this state.
 */
export class HandshakeCipher {
  #hash: Buffer = Buffer.from(NOISE_MODE)
  #chainingKey: Buffer = this.#hash
  #key: Buffer = this.#hash
  #counter = 0

  mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest()
  }

  mixKey(sharedSecret: Uint8Array): void {
    const [chainingKey, key] = this.#derive(sharedSecret)
    this.#chainingKey = chainingKey
    this.#key = key
    this.#counter = 0
  }

  encryptAndHash(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plaintext, this.#hash)
    this.mixHash(sealed)
    return sealed
  }

  decryptAndHash(sealed: Uint8Array): Buffer {
    const plaintext = open(this.#key, this.#counter++, sealed, this.#hash)
    this.mixHash(sealed)
    return plaintext
  }

  /** The two one-way ciphers of the open connection, seen from the responder. */
  split(): { incoming: TransportCipher; outgoing: TransportCipher } {
    const [fromInitiator, fromResponder] = this.#derive(EMPTY)
    return { incoming: new TransportCipher(fromInitiator), outgoing: new TransportCipher(fromResponder) }
  }

  #derive(sharedSecret: Uint8Array): [Buffer, Buffer] {
    const output = Buffer.from(hkdfSync('sha256', sharedSecret, this.#chainingKey, EMPTY, 64))
    return [output.subarray(0, 32), output.subarray(32)]
  }
}

/** One direction of an open connection. The n-th frame must be the n-th call: the counter is never sent. */
export class TransportCipher {
  readonly #key: Buffer
  #counter = 0

  constructor(key: Buffer) {
    this.#key = key
  }

  encrypt(plaintext: Uint8Array): Buffer {
    return seal(this.#key, this.#counter++, plaintext, EMPTY)
  }

  decrypt(sealed: Uint8Array): Buffer {
    return open(this.#key, this.#counter++, sealed, EMPTY)
  }
}
