import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { createDeflate, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  createInflate,
  inflate,
  MAX_FRAME_BYTES,
  MAX_HISTORY_BYTES,
} from '../../../../../src/transports/linked-device/socket/bounded-inflate.ts'

const unpack = promisify(inflate)
const MEGABYTE = Buffer.alloc(1024 * 1024, 7)

/** So many bytes, packed. */
function packed(length: number): Readable {
  const parts = Array.from({ length: Math.ceil(length / MEGABYTE.length) }, (_, index) =>
    MEGABYTE.subarray(0, length - index * MEGABYTE.length),
  )
  return Readable.from(parts).pipe(createDeflate({ level: 1 }))
}

describe('what is unpacked', () => {
  it('is a frame of any usual length', async () => {
    const text = Buffer.from('a stanza, '.repeat(100_000))
    expect(text.equals(await unpack(deflateSync(text)))).toBe(true)
    await expect(unpack(Buffer.from('nothing packed'))).rejects.toThrow('incorrect header check')
  })

  it('is no frame of more than its limit', async () => {
    // Of the length alone: a failure would print the whole frame.
    const lengthOf = async (unpackedLength: number): Promise<number> =>
      (await unpack(await buffer(packed(unpackedLength)))).length
    expect(await lengthOf(MAX_FRAME_BYTES)).toBe(MAX_FRAME_BYTES)
    await expect(lengthOf(MAX_FRAME_BYTES + 1)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' })
  })

  it('is no part of the history of more than its limit', async () => {
    const lengthOf = async (packedLength: number): Promise<number> => {
      let length = 0
      const stream = packed(packedLength).pipe(createInflate())
      for await (const part of stream) length += (part as Buffer).length
      return length
    }
    expect(await lengthOf(MAX_HISTORY_BYTES)).toBe(MAX_HISTORY_BYTES)
    await expect(lengthOf(MAX_HISTORY_BYTES + 1)).rejects.toThrow(RangeError)
  })
})
