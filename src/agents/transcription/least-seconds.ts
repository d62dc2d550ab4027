import { readHead } from '../../storage/files/read-at.ts'
import { readOggOpus } from '../audio/ogg-opus.ts'
import type { FormFile } from '../../network/file-form.ts'

/** 320 kbit/s: the most that compressed sound has, whatever its file says of its length. */
const MAX_COMPRESSED_RATE = 40_000
/** RIFF with the `fmt ` chunk first, as recorders write it: the bytes of one second stand here. */
const WAV_RATE_AT = 28

/**
 * How long the sound of a file is at least, in seconds. Of Ogg with Opus what the file says, and never less than its bytes need; of WAV
 * its bytes by the rate in its header; of everything else that is compressed what its bytes need, so that a low bitrate may be
 * far longer. 0 for FLAC, whose rate has no bound. Rejects where the file cannot be read.
 */
export async function leastSeconds({
  path,
  size,
  mimeType,
}: Pick<FormFile, 'path' | 'size' | 'mimeType'>): Promise<number> {
  if (mimeType === 'audio/flac') return 0
  if (mimeType === 'audio/wav') return size / (await wavRate(path))
  const voice = await readOggOpus(path)
  return Math.max(voice?.seconds ?? 0, size / MAX_COMPRESSED_RATE)
}

/** Bytes of one second; infinite where the header does not say. */
async function wavRate(path: string): Promise<number> {
  const head = await readHead(path, WAV_RATE_AT + 4)
  const isFormatFirst = head.length === WAV_RATE_AT + 4 && head.toString('latin1', 12, 16) === 'fmt '
  return (isFormatFirst && head.readUInt32LE(WAV_RATE_AT)) || Number.POSITIVE_INFINITY
}
