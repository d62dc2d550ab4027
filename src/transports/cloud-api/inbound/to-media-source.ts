import type { RemoteMedia } from '../../../messaging/content.ts'
import { type Fields, textIn } from './fields.ts'

/** An id of WhatsApp's, with which it is asked for the file. */
const ID = /^\w{1,128}$/
const MAX_HASH = 128

/**
 * Where the file of an `image`, `audio`, … object is: WhatsApp's id of it, good for seven days, and its SHA-256 as it was written, in base64 or
 * in hexadecimal. `null` where it names none. The address that newer webhooks have besides lives five minutes, and is not kept.
 */
export function toMediaSource(file: Fields): RemoteMedia | null {
  const id = textIn(file['id'])
  if (id === null || !ID.test(id)) return null
  const sha256 = textIn(file['sha256'])
  return {
    source: JSON.stringify({ id, sha256: sha256 !== null && sha256.length <= MAX_HASH ? sha256 : null }),
  }
}
