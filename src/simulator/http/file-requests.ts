import type { Context } from 'hono'
import { z } from 'zod'
import { FaceError } from './face-request.ts'

const MAX_FILE_BYTES = 16 * 1024 * 1024

/** Types that a page may show; every other file is a download. */
const SHOWN_TYPES = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)(;.*)?$/

const file = z.object({
  // A plus that is not encoded arrives as a blank.
  to: z.string().trim(),
  kind: z.enum(['image', 'video', 'gif', 'video-note', 'voice', 'audio', 'document', 'sticker']),
  mimeType: z.string().max(200).optional(),
  name: z.string().max(300).optional(),
  caption: z.string().max(4_096).optional(),
  seconds: z.coerce.number().int().min(0).max(36_000).optional(),
})

/** What the query says of the file that is the body. Throws `FaceError`. */
export function fileQuery({ req }: Context): z.infer<typeof file> {
  const asked = file.safeParse(req.query())
  if (!asked.success) throw new FaceError(400, z.prettifyError(asked.error))
  return asked.data
}

/** A file of a phone, shown or as a download. Throws `FaceError` where there is none. */
export function sendFile(context: Context, bytes: Uint8Array | undefined): Response {
  if (bytes === undefined) throw new FaceError(404, 'this phone does not have the file')
  const type = context.req.query('type') ?? ''
  const isShown = SHOWN_TYPES.test(type)
  return context.body(new Uint8Array(bytes), 200, {
    'Content-Type': isShown ? type : 'application/octet-stream',
    'Content-Disposition': isShown ? 'inline' : 'attachment',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  })
}

/** The body, whole. Throws `FaceError` where it is empty or too large. */
export async function fileOf({ req }: Context): Promise<Buffer> {
  if (Number(req.header('content-length') ?? 0) > MAX_FILE_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length
    if (size > MAX_FILE_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  if (size === 0) throw new FaceError(400, 'the request has no file')
  return Buffer.concat(chunks)
}

function tooLarge(): FaceError {
  return new FaceError(
    400,
    `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB; choose a smaller one`,
  )
}
