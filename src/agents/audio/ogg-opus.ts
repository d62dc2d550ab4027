import { type FileHandle, open } from 'node:fs/promises'
import { readAt } from '../../storage/files/read-at.ts'

/** What an Ogg file with one stream of Opus says of itself. */
export interface OpusStream {
  channels: number
  seconds: number
}

/** RFC 3533, 6: the header of a page has 27 bytes, and one more for each of at most 255 segments of 255 bytes. */
const PAGE_HEADER = 27
const MAX_PAGE = PAGE_HEADER + 255 + 255 * 255
const BEGINS_STREAM = 0x02
/** RFC 7845, 4: whatever the file was made from, positions count samples of 48 kHz. */
const RATE = 48_000
const MAX_SECONDS = 24 * 3_600

/**
 * Channels and length of an Ogg file that holds one stream of Opus and nothing else, as WhatsApp's voice messages are; `null` for
 * every other file, and for one that cannot be read. Reads two pages at most, whatever its size. RFC 3533, RFC 7845.
 */
export async function readOggOpus(path: string): Promise<OpusStream | null> {
  try {
    const file = await open(path)
    try {
      return await readStream(file)
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}

async function readStream(file: FileHandle): Promise<OpusStream | null> {
  const { size } = await file.stat()
  const start = await readAt(file, 0, MAX_PAGE)
  const head = headIn(start)
  if (head === null) return null
  const end = size <= MAX_PAGE ? start : await readAt(file, size - MAX_PAGE, MAX_PAGE)
  const position = lastPosition(end, head.serial)
  if (position === null) return null
  const seconds = Math.max(0, position - head.preSkip) / RATE
  return seconds > MAX_SECONDS ? null : { channels: head.channels, seconds }
}

/** The first page: the identification header of Opus alone, and no second stream behind it. */
function headIn(bytes: Buffer): { serial: number; channels: number; preSkip: number } | null {
  if (!isPage(bytes, 0) || bytes[5] !== BEGINS_STREAM) return null
  const segments = bytes.subarray(PAGE_HEADER, PAGE_HEADER + (bytes[26] ?? 0))
  const body = PAGE_HEADER + segments.length
  const next = body + segments.reduce((sum, length) => sum + length, 0)
  if (next - body < 19 || bytes.toString('latin1', body, body + 8) !== 'OpusHead') return null
  const hasSecondStream = isPage(bytes, next) && ((bytes[next + 5] ?? 0) & BEGINS_STREAM) !== 0
  if (!isPage(bytes, next) || hasSecondStream) return null
  return {
    serial: bytes.readUInt32LE(14),
    channels: bytes[body + 9] ?? 0,
    preSkip: bytes.readUInt16LE(body + 10),
  }
}

/** Where the last packet ends that a page of this stream completes. */
function lastPosition(bytes: Buffer, serial: number): number | null {
  for (
    let at = bytes.lastIndexOf('OggS');
    at !== -1;
    at = at === 0 ? -1 : bytes.lastIndexOf('OggS', at - 1)
  ) {
    if (!isPage(bytes, at)) continue
    // Another stream was put behind the first one.
    if (bytes.readUInt32LE(at + 14) !== serial) return null
    const position = bytes.readBigInt64LE(at + 6)
    if (position >= 0n) return Number(position)
  }
  return null
}

function isPage(bytes: Buffer, at: number): boolean {
  return (
    bytes.length >= at + PAGE_HEADER && bytes.toString('latin1', at, at + 4) === 'OggS' && bytes[at + 4] === 0
  )
}
