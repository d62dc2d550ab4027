import type { proto } from '@whiskeysockets/baileys'
import type { Network } from '../../server/network.ts'
import type { ShownMedia } from '../records.ts'
import { openFile, sealFile } from './media-cipher.ts'
import { type ClaimedFile, mediaMessage, type OutgoingMedia } from './media-content.ts'
import { MEDIA_KINDS } from './media-kinds.ts'
import { PhoneFiles } from './phone-files.ts'

/** The files of a phone: encrypts and uploads what it sends, fetches and checks what it gets. */
export class PhoneMedia {
  readonly files = new PhoneFiles()
  readonly #network: Network

  constructor(network: Network) {
    this.#network = network
  }

  /** Uploads a file. Returns the message that carries it. */
  compose(media: OutgoingMedia, contextInfo?: proto.IContextInfo): proto.IMessage {
    const { random, now, media: server } = this.#network
    const { info, upload } = MEDIA_KINDS[media.kind]
    this.files.keep(media.data)
    const { blob, ...seal } = sealFile(media.data, { info, mediaKey: random(32) })
    const stored = server.store.put(upload, blob)
    const place = { ...seal, url: server.urlOf(stored), directPath: stored.directPath, atMs: now() }
    return mediaMessage(media, place, contextInfo)
  }

  /** What the phone shows of a file: it checks the hashes and the MAC as every app does, and the length too, which apps do not. */
  show(claimed: ClaimedFile): ShownMedia {
    const { kind, mimeType, size, name, seconds } = claimed
    const shown = { kind, mimeType, size, name, seconds }
    try {
      return { ...shown, sha256: this.files.keep(this.#open(claimed)), problem: null }
    } catch (error) {
      return { ...shown, sha256: null, problem: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Uploads a file of this phone once more, with the same key. Returns its new place; `null` where the phone lacks it. */
  uploadAgain({ fileSha256, mediaKey, kind }: ClaimedFile): string | null {
    const file = this.files.get(Buffer.from(fileSha256).toString('hex'))
    if (file === undefined) return null
    const { info, upload } = MEDIA_KINDS[kind]
    return this.#network.media.store.put(upload, sealFile(file, { info, mediaKey }).blob).directPath
  }

  #open(claimed: ClaimedFile): Buffer {
    if (!claimed.directPath.startsWith('/')) throw new Error('the message names no path')
    const found = this.#network.media.store.get(claimed.directPath)
    if ('status' in found) throw new Error(`WhatsApp does not have the file (${found.status})`)
    const { info, upload } = MEDIA_KINDS[claimed.kind]
    if (found.type !== upload) throw new Error(`the file was uploaded as ${found.type}, and not as ${upload}`)
    return openFile(found.bytes, { ...claimed, info })
  }
}
