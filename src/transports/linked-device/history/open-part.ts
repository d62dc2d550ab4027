import type { proto } from '@whiskeysockets/baileys'
import { createInflate, MAX_HISTORY_BYTES } from '../socket/bounded-inflate.ts'
import type { RemoteMedia } from '../../../messaging/content.ts'
import { toMediaSource } from '../media/media-source.ts'

/** Packed, as the phone sends it; some megabytes are usual. */
export const MOST_PACKED_BYTES = 32 * 1024 * 1024

/** Fetches a file of WhatsApp's servers into memory, checked; rejects where it cannot be had. */
export type FetchPart = (media: RemoteMedia, maxBytes: number, signal: AbortSignal) => Promise<Buffer>

/**
 * What a phone shares of its history in one message, unpacked piece by piece: at most `MAX_HISTORY_BYTES`. It comes within the message, or
 * lies encrypted on WhatsApp's servers. Rejects where it cannot be had or is damaged.
 */
export async function* openPart(
  part: proto.Message.IHistorySyncNotification,
  fetch: FetchPart,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const packed = await packedBytes(part, fetch, signal)
  const inflate = createInflate()
  inflate.end(packed)
  for await (const piece of inflate) {
    signal.throwIfAborted()
    // Without an encoding a stream gives bytes.
    yield piece as Buffer
  }
}

async function packedBytes(
  part: proto.Message.IHistorySyncNotification,
  fetch: FetchPart,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const inline = part.initialHistBootstrapInlinePayload
  if (inline?.length) return inline
  const media = toMediaSource('history', part)
  if (media === null) throw new Error('the message does not say where the history is')
  return fetch(media, Math.min(MOST_PACKED_BYTES, MAX_HISTORY_BYTES), signal)
}
