import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

const TAG_BYTES = 16
const INFO = 'WhatsApp Media Retry Notification'

/**
 * What a phone and its linked devices say to each other about a file that is gone: AES-256-GCM with a key from the media key,
 * bound to the id of the message. Source: whatsmeow (`mediaretry.go`), Baileys rc14 (`messages-media.js`).
 */
export function sealRetry(
  plaintext: Uint8Array,
  o: { mediaKey: Uint8Array; messageId: string; iv: Uint8Array },
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', keyOf(o.mediaKey), o.iv)
  cipher.setAAD(Buffer.from(o.messageId))
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

/** Throws where it is not for this message and file. */
export function openRetry(
  sealed: Uint8Array,
  o: { mediaKey: Uint8Array; messageId: string; iv: Uint8Array },
): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(o.mediaKey), o.iv)
  decipher.setAAD(Buffer.from(o.messageId))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
}

function keyOf(mediaKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', mediaKey, new Uint8Array(), INFO, 32))
}
