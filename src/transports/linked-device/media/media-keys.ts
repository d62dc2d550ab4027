import { hkdfSync } from 'node:crypto'

/** What WhatsApp names a kind of file in its keys, on its servers, and in the stanza (Baileys rc14 `MEDIA_HKDF_KEY_MAPPING`, `MEDIA_PATH_MAP`). */
export const MEDIA_TYPES = {
  image: { info: 'WhatsApp Image Keys', folder: 'image' },
  video: { info: 'WhatsApp Video Keys', folder: 'video' },
  audio: { info: 'WhatsApp Audio Keys', folder: 'audio' },
  document: { info: 'WhatsApp Document Keys', folder: 'document' },
  /** What a phone shares of its chats with a device that it has linked. */
  history: { info: 'WhatsApp History Keys', folder: 'md-msg-hist' },
  sticker: { info: 'WhatsApp Image Keys', folder: 'image' },
} as const

export type MediaType = keyof typeof MEDIA_TYPES

/** At the end of an encrypted file, in bytes. */
export const MAC_BYTES = 10

export interface MediaKeys {
  iv: Buffer
  cipherKey: Buffer
  macKey: Buffer
}

/** The keys of one file, from the media key (32 bytes) that its message carries. */
export function mediaKeys(mediaKey: Uint8Array, type: MediaType): MediaKeys {
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(), MEDIA_TYPES[type].info, 112))
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  }
}

/** What names a file on WhatsApp's servers: the SHA-256 of its encrypted bytes, in base64url with its padding, as WhatsApp's own clients write it. */
export function mediaToken(encryptedHash: Buffer): string {
  return encryptedHash.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
