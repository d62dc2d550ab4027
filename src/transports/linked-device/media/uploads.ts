import type { Agent } from 'node:http'
import type { WASocket } from '@whiskeysockets/baileys'
import { z } from 'zod'
import type { OutgoingFile } from '../../../messaging/outgoing-message.ts'
import type { UploadedFile } from '../outbound/message-body.ts'
import type { StoredCache } from '../signal/stored-cache.ts'
import type { MediaConnection } from './media-connection.ts'
import { uploadFile } from './upload-file.ts'

/** WhatsApp keeps a file for weeks; a message that goes out later than this gets a new upload. */
const FRESH_MS = 7 * 86_400_000
const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')))

const storedSchema = z.object({
  url: z.string(),
  directPath: z.string(),
  mediaKey: base64,
  fileSha256: base64,
  fileEncSha256: base64,
  mediaKeyTimestamp: z.number(),
})

export interface UploadsDependencies {
  /** By the message's local id. A restart keeps it. */
  stored: Pick<StoredCache, 'get' | 'set'>
  connection: MediaConnection
  agentFor: (url: string) => Agent | undefined
  now: () => number
  retryDelayMs?: number
}

/** Files of ours that lie on WhatsApp's servers: each is uploaded once, also when its message goes out again after a crash. */
export class Uploads {
  readonly #deps: UploadsDependencies

  constructor(deps: UploadsDependencies) {
    this.#deps = deps
  }

  /** Where the file of the message with this local id is; `null` where it is not, or not any more. */
  of(localId: string): UploadedFile | null {
    const { success, data } = storedSchema.safeParse(this.#deps.stored.get(localId))
    return success ? data : null
  }

  /** Whether the message can go out as it is. */
  isFresh(localId: string): boolean {
    const { mediaKeyTimestamp } = this.of(localId) ?? {}
    if (mediaKeyTimestamp === undefined) return false
    return Math.abs(this.#deps.now() - mediaKeyTimestamp * 1_000) < FRESH_MS
  }

  /** It is stored when this resolves. Rejects as `uploadFile`. */
  async upload(
    socket: Pick<WASocket, 'query'>,
    localId: string,
    file: OutgoingFile,
    signal: AbortSignal,
  ): Promise<void> {
    const uploaded = await uploadFile(socket, file, signal, this.#deps)
    signal.throwIfAborted()
    const { mediaKey, fileSha256, fileEncSha256, ...place } = uploaded
    this.#deps.stored.set(localId, {
      ...place,
      mediaKey: toBase64(mediaKey),
      fileSha256: toBase64(fileSha256),
      fileEncSha256: toBase64(fileEncSha256),
    })
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
