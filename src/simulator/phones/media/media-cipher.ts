import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'

const MAC_BYTES = 10
const KEY_BYTES = 32

/** What belongs to an encrypted file: the key that opens it and both hashes. */
export interface FileSeal {
  mediaKey: Uint8Array
  fileSha256: Uint8Array
  fileEncSha256: Uint8Array
}

/**
 * Encrypts a file as apps do: AES-256-CBC, then ten bytes of an HMAC over the vector and the ciphertext. The keys come from the
 * media key by HKDF, whose `info` names the type of the file. Source: WhatsApp's white paper, Baileys `MEDIA_HKDF_KEY_MAPPING`.
 */
export function sealFile(
  plaintext: Uint8Array,
  o: { info: string; mediaKey: Uint8Array },
): FileSeal & { blob: Buffer } {
  const { iv, cipherKey, macKey } = keysOf(o.mediaKey, o.info)
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const blob = Buffer.concat([ciphertext, macOf(ciphertext, { iv, macKey })])
  return { mediaKey: o.mediaKey, fileSha256: sha256(plaintext), fileEncSha256: sha256(blob), blob }
}

/** Decrypts a file. Throws, with the reason, where anything is not as the message says. */
export function openFile(blob: Uint8Array, seal: FileSeal & { info: string; size: number }): Buffer {
  if (seal.mediaKey.length !== KEY_BYTES) throw new Error('the media key has a wrong size')
  if (!isSame(sha256(blob), seal.fileEncSha256)) throw new Error('the hash of the encrypted file differs')
  const { iv, cipherKey, macKey } = keysOf(seal.mediaKey, seal.info)
  const ciphertext = blob.subarray(0, -MAC_BYTES)
  if (!isSame(macOf(ciphertext, { iv, macKey }), blob.subarray(-MAC_BYTES)))
    throw new Error('the MAC of the file differs')
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv)
  const plaintext = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  if (!isSame(sha256(plaintext), seal.fileSha256)) throw new Error('the hash of the file differs')
  if (plaintext.length !== seal.size) throw new Error('the file has another length than the message says')
  return plaintext
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function keysOf(mediaKey: Uint8Array, info: string): { iv: Buffer; cipherKey: Buffer; macKey: Buffer } {
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(), info, 112))
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  }
}

function macOf(ciphertext: Uint8Array, { iv, macKey }: { iv: Buffer; macKey: Buffer }): Buffer {
  return createHmac('sha256', macKey).update(iv).update(ciphertext).digest().subarray(0, MAC_BYTES)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
