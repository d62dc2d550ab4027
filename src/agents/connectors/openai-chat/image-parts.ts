import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Turn } from '../../agent.ts'

/** As a chat completion takes an image. */
export interface ImagePart {
  type: 'image_url'
  image_url: { url: string }
}

/** OpenClaw's gateway takes eight, of ten megabytes each, in a request of twenty. */
const MAX_IMAGES = 8
const MAX_IMAGE_BYTES = 10_000_000
const MAX_TOGETHER_BYTES = 14_000_000

/** What models take, by how their files begin: what a message says of its file proves nothing. */
const TYPES: readonly (readonly [mimeType: string, isOne: (bytes: Buffer) => boolean])[] = [
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/png', (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))],
  ['image/gif', (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))],
  ['image/webp', (bytes) => /^RIFF[^]{4}WEBP/.test(bytes.toString('latin1', 0, 12))],
]

/**
 * The images of a turn's messages as data URLs, oldest first: JPEG, PNG, GIF and WebP. The newest eight that have no more than 14 MB
 * together; what is larger than 10 MB, gone, or no such image is left out.
 */
export async function readImages(turn: Turn): Promise<ImagePart[]> {
  const paths = turn.messages
    .flatMap(({ attachments }) => attachments)
    .flatMap(({ kind, path }) => (kind === 'image' && path !== null ? [path] : []))
  const images: ImagePart[] = []
  let room = MAX_TOGETHER_BYTES
  for (const path of paths.toReversed()) {
    if (images.length === MAX_IMAGES) break
    const bytes = await readWithin(path, Math.min(room, MAX_IMAGE_BYTES))
    const type = bytes === null ? undefined : TYPES.find(([, isOne]) => isOne(bytes))?.[0]
    if (bytes === null || type === undefined) continue
    room -= bytes.length
    images.unshift({
      type: 'image_url',
      image_url: { url: `data:${type};base64,${bytes.toString('base64')}` },
    })
  }
  return images
}

/** `null` where it is no file, longer, or cannot be read. */
async function readWithin(path: string, limit: number): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      const { size } = await file.stat()
      if (size === 0 || size > limit) return null
      const bytes = Buffer.alloc(size)
      const { bytesRead } = await file.read(bytes, 0, size, 0)
      return bytesRead === size ? bytes : null
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}
