import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { DownloadFault } from '../../faults/media-faults.ts'

const CHUNK_BYTES = 64 * 1024
/** A slow answer comes in pieces, this often a second. */
const PIECES_A_SECOND = 10

/** Sends a file, or a part of it, as `fault` has it. Resolves when it is sent or the client has gone. */
export async function sendDownload(
  response: ServerResponse,
  o: { status: number; body: Buffer; headers: Record<string, string> },
  fault: Exclude<DownloadFault, { kind: 'status' | 'redirect' }> | undefined,
): Promise<void> {
  const { status, headers } = o
  const body = changed(o.body, fault)
  const half = body.subarray(0, Math.floor(body.length / 2))
  const begin = (length: Record<string, string>): unknown =>
    response.writeHead(status, { 'content-type': 'application/octet-stream', ...headers, ...length })
  if (fault?.kind === 'endless') {
    begin({})
    return sendForever(response, body)
  }
  begin({ 'content-length': String(body.length) })
  if (fault?.kind === 'stalled') response.write(half)
  else if (fault?.kind === 'cut') response.write(half, () => response.destroy())
  else if (fault?.kind === 'slow') await sendSlowly(response, body, fault.bytesPerSecond)
  else response.end(body)
}

function changed(body: Buffer, fault: DownloadFault | undefined): Buffer {
  if (fault?.kind === 'longer') return Buffer.concat([body, Buffer.alloc(fault.by, 7)])
  if (fault?.kind !== 'spoiled' || body.length === 0) return body
  const copy = Buffer.from(body)
  const middle = Math.floor(copy.length / 2)
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle)
  return copy
}

async function sendForever(response: ServerResponse, start: Buffer): Promise<void> {
  response.write(start)
  const chunk = Buffer.alloc(CHUNK_BYTES, 7)
  while (!response.destroyed) if (!response.write(chunk)) await drained(response)
}

async function sendSlowly(response: ServerResponse, body: Buffer, bytesPerSecond: number): Promise<void> {
  const size = Math.max(1, Math.floor(bytesPerSecond / PIECES_A_SECOND))
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    response.write(body.subarray(start, start + size))
    await delay(1_000 / PIECES_A_SECOND)
  }
  response.end()
}

async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const ends = [once(response, 'drain', { signal }), once(response, 'close', { signal })]
  await Promise.race(ends).catch(() => undefined)
  over.abort()
  await Promise.allSettled(ends)
}

/** The part of a file that `range` asks for, from the first byte to behind the last; `null` where there is no such part. */
export function byteRange(range: string, size: number): { start: number; end: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (first === '' && last === '') return null
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  return start < end ? { start, end } : null
}
