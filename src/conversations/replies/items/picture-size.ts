import { readHead } from '../../../storage/files/read-at.ts'

/** The size stands in front, but in a JPEG that a camera made: there a preview is before it. */
const HEAD_BYTES = 256 * 1_024
const MAX_SIDE = 65_535
/** Segments of a JPEG that are looked at. */
const MAX_SEGMENTS = 200
const IS_ANIMATED = 0x02

export interface PictureSize {
  /** In pixels. */
  width: number
  height: number
  isAnimated: boolean
}

/** What the head of a JPEG, PNG or WebP file says of its size; `null` where it says nothing. Nothing is decoded. */
export async function pictureSize(path: string): Promise<PictureSize | null> {
  const head = await readHead(path, HEAD_BYTES)
  try {
    const found = sizeIn(head)
    const sides = [found?.width ?? 0, found?.height ?? 0]
    return found !== null && sides.every((side) => side > 0 && side <= MAX_SIDE) ? found : null
  } catch {
    // It ends in the middle.
    return null
  }
}

function sizeIn(head: Buffer): PictureSize | null {
  const magic = head.toString('latin1', 0, 16)
  if (magic.startsWith('\x89PNG\r\n\x1a\n'))
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), isAnimated: false }
  if (magic.startsWith('\xff\xd8')) return jpegSize(head)
  return magic.startsWith('RIFF') && magic.slice(8, 12) === 'WEBP' ? webpSize(head) : null
}

/** The first frame header (SOF0 to SOF15, which are no tables). */
function jpegSize(head: Buffer): PictureSize | null {
  let offset = 2
  for (let segment = 0; segment < MAX_SEGMENTS; segment += 1) {
    if (head.readUInt8(offset) !== 0xff) return null
    const marker = head.readUInt8(offset + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return {
        height: head.readUInt16BE(offset + 5),
        width: head.readUInt16BE(offset + 7),
        isAnimated: false,
      }
    offset += 2 + Math.max(2, head.readUInt16BE(offset + 2))
  }
  return null
}

function webpSize(head: Buffer): PictureSize | null {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return {
        width: head.readUInt16LE(26) & 0x3fff,
        height: head.readUInt16LE(28) & 0x3fff,
        isAnimated: false,
      }
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isAnimated: false }
    }
    case 'VP8X':
      return {
        width: head.readUIntLE(24, 3) + 1,
        height: head.readUIntLE(27, 3) + 1,
        isAnimated: (head.readUInt8(20) & IS_ANIMATED) !== 0,
      }
    default:
      return null
  }
}
