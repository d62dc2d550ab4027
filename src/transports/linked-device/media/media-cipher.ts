import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { MAC_BYTES, mediaKeys, type MediaType } from './media-keys.ts'

const BLOCK_BYTES = 16

/** How many bytes WhatsApp keeps for a file of this many. */
export function encryptedSize(size: number): number {
  return (Math.floor(size / BLOCK_BYTES) + 1) * BLOCK_BYTES + MAC_BYTES
}

/** What came is not what was sent; the message is no text of a file. */
export class MediaDamaged extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'MediaDamaged'
  }
}

/** What opens an encrypted file, and what it must be. */
interface SealedFile {
  type: MediaType
  key: Uint8Array
  /** Of the file itself. */
  hash: Uint8Array
  encryptedHash: Uint8Array
}

/** Decrypts one file piece by piece, in constant memory. Nothing of it may be used before `end` has answered. */
export class MediaDecryption {
  readonly #source: SealedFile
  readonly #decipher: ReturnType<typeof createDecipheriv>
  readonly #hmac: ReturnType<typeof createHmac>
  readonly #encryptedHash = createHash('sha256')
  readonly #hash = createHash('sha256')
  /** The last bytes so far, which may be the MAC. */
  #tail = Buffer.alloc(0)
  #size = 0

  constructor(source: SealedFile) {
    this.#source = source
    const { iv, cipherKey, macKey } = mediaKeys(source.key, source.type)
    this.#decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
    this.#hmac = createHmac('sha256', macKey).update(iv)
  }

  /** The plain bytes that are known by now. */
  update(encrypted: Uint8Array): Buffer {
    this.#encryptedHash.update(encrypted)
    const bytes = Buffer.concat([this.#tail, encrypted])
    const end = Math.max(0, bytes.length - MAC_BYTES)
    this.#tail = Buffer.from(bytes.subarray(end))
    const body = bytes.subarray(0, end)
    this.#hmac.update(body)
    return this.#count(this.#decipher.update(body))
  }

  /**
   * The last plain bytes, and what the whole is. Throws `MediaDamaged` unless MAC and hashes are those of the message. The length that it
   * declares is not compared: phones show files that have another one.
   */
  end(): { rest: Buffer; size: number; sha256: string } {
    if (!isSame(this.#encryptedHash.digest(), this.#source.encryptedHash))
      throw new MediaDamaged('it is not what WhatsApp kept')
    if (!isSame(this.#hmac.digest().subarray(0, MAC_BYTES), this.#tail))
      throw new MediaDamaged('its signature does not match')
    const rest = this.#count(this.#lastBlock())
    const hash = this.#hash.digest()
    if (!isSame(hash, this.#source.hash)) throw new MediaDamaged('it is another file')
    return { rest, size: this.#size, sha256: hash.toString('hex') }
  }

  #lastBlock(): Buffer {
    try {
      return this.#decipher.final()
    } catch {
      throw new MediaDamaged('its last block is none')
    }
  }

  #count(bytes: Buffer): Buffer {
    this.#hash.update(bytes)
    this.#size += bytes.length
    return bytes
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
