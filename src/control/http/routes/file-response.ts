import { Readable } from 'node:stream'
import { openTurnFile } from '../../../agents/turn-files/open-turn-file.ts'
import { storableText } from '../../../text/bounded-text.ts'
import type { RouteContext } from './route.ts'

/** Only these types are named; all others, such as HTML and SVG, which a browser would run, go out as `application/octet-stream`. */
const HARMLESS_TYPE = /^(?:image\/(?:jpeg|png|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf)$/

interface ServedFile {
  /** Absolute. */
  path: string
  mimeType: string | null
  /** Of its content, quoted; with it a client may ask for a part of the file. */
  etag?: string | undefined
  /** What a browser that saves it calls it. */
  name?: string | null | undefined
}

/** A file, or the part that `Range` asks for, as something that no browser opens by itself; `null` where it is gone. */
export async function fileResponse(context: RouteContext, served: ServedFile): Promise<Response | null> {
  const opened = await openTurnFile(served.path)
  if (opened === null) return null
  const { file, size } = opened
  const { etag } = served
  const range = etag === undefined ? null : rangeOf(context, etag, size)
  const headers = headersOf(served)
  if (range === 'unsatisfiable') {
    await file.close()
    return context.body(null, 416, { ...headers, 'content-range': `bytes */${size}` })
  }
  // No more than was announced, should it grow.
  const { start, end } = range ?? { start: 0, end: size - 1 }
  const length = { 'content-length': String(end - start + 1) }
  const part = range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }
  const status = range === null ? 200 : 206
  if (context.req.method === 'HEAD') {
    await file.close()
    return context.body(null, status, { ...headers, ...length, ...part })
  }
  // Closes the file at its end, and when the client goes away.
  const bytes = Readable.toWeb(file.createReadStream({ start, end }))
  // Node's type and the browser's name the same thing.
  return context.body(bytes as ReadableStream<Uint8Array>, status, { ...headers, ...length, ...part })
}

function headersOf({ mimeType, etag, name }: ServedFile): Record<string, string> {
  const type = (mimeType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return {
    'content-type': HARMLESS_TYPE.test(type) ? type : 'application/octet-stream',
    'content-disposition': name ? `attachment; filename*=UTF-8''${encodeName(name)}` : 'attachment',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'no-store',
    ...(etag !== undefined && { etag, 'accept-ranges': 'bytes' }),
  }
}

/** As RFC 8187 wants it: a name may have any characters. */
function encodeName(name: string): string {
  return encodeURIComponent(storableText(name)).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  )
}

/** One part; `null` for the whole file, also where several parts are asked for (RFC 9110, 14.2). */
function rangeOf(
  context: RouteContext,
  etag: string,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const condition = context.req.header('if-range')
  if (condition !== undefined && condition !== etag) return null
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(context.req.header('range') ?? '') ?? []
  if (from === '' && to === '') return null
  if (from === '') {
    const last = Math.min(Number(to), size)
    return last === 0 ? 'unsatisfiable' : { start: size - last, end: size - 1 }
  }
  const start = Number(from)
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}
