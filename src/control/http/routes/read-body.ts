import type { IncomingMessage } from 'node:http'

/** The body of a request as text, as `readBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  return (await readBytes(request, maxBytes))?.toString('utf8') ?? null
}

/**
 * The body of a request as it came, also when it comes in chunks or when there is none; `null` when it is longer than
 * `maxBytes`, or when `take` has no room for a part of it: no more is read then. Rejects when the connection breaks off.
 */
export async function readBytes(
  request: IncomingMessage,
  maxBytes: number,
  take: (bytes: number) => boolean = () => true,
): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return null
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    // Without an encoding set, a request yields buffers.
    const part = chunk as Buffer
    bytes += part.length
    if (bytes > maxBytes || !take(part.length)) return null
    chunks.push(part)
  }
  return Buffer.concat(chunks)
}
