/**
 * What Baileys 7.0.0-rc14 uses of `zlib`; the build puts it in the module's place. Baileys unpacks each compressed frame
 * and each part of the history whole, without a limit: one frame of 16 MB can hold 16 GB.
 */
import {
  createInflate as createNodeInflate,
  inflate as nodeInflate,
  type Inflate,
  type InputType,
  type ZlibOptions,
} from 'node:zlib'

/** The longest stanza that is known, the list of an account's groups, has a few megabytes. */
export const MAX_FRAME_BYTES = 32 * 1024 * 1024
/** A part of the history has some ten megabytes. */
export const MAX_HISTORY_BYTES = 128 * 1024 * 1024

/** As Node's; fails with `ERR_BUFFER_TOO_LARGE` as soon as there is more than `MAX_FRAME_BYTES`. */
export function inflate(packed: InputType, done: (error: Error | null, unpacked: Buffer) => void): void {
  nodeInflate(packed, { maxOutputLength: MAX_FRAME_BYTES }, done)
}

/** As Node's; the stream is destroyed with a `RangeError` as soon as there is more than `MAX_HISTORY_BYTES`. */
export function createInflate(options?: ZlibOptions): Inflate {
  const stream = createNodeInflate(options)
  const push = stream.push.bind(stream)
  let unpacked = 0
  stream.push = (part: Buffer | null, encoding) => {
    unpacked += part?.length ?? 0
    if (unpacked <= MAX_HISTORY_BYTES) return push(part, encoding)
    stream.destroy(new RangeError('unpacked, this is longer than any part of the history'))
    return false
  }
  return stream
}
