import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEventStream } from '../../../../src/agents/http/event-stream.ts'

async function* inPieces(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  let position = 0
  for (let index = 0; position < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1
    yield bytes.slice(position, position + size)
    position += size
  }
}

async function read(text: string, sizes: number[] = [1_000]): Promise<string[]> {
  const payloads: string[] = []
  for await (const payload of readEventStream(inPieces(new TextEncoder().encode(text), sizes)))
    payloads.push(payload)
  return payloads
}

describe('readEventStream', () => {
  it('reads the data lines and nothing else', async () => {
    expect(await read(': comment\nevent: x\ndata: one\n\ndata:two\r\n\r\nid: 3\rdata: three')).toEqual([
      'one',
      'two',
      'three',
    ])
  })

  it('gives the same payloads however the bytes are cut', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n', '\r'),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      async (words, ending, sizes) => {
        const payloads = words.map((word) => word.replaceAll(/[\r\n]/g, '').trim())
        const text = payloads.map((payload) => `data: ${payload}${ending}`).join('')
        expect(await read(text, sizes)).toEqual(payloads.filter((payload) => payload !== ''))
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('gives a payload as soon as its line is there, without a blank line after it', async () => {
    async function* unfinished(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('data: one\ndata: two\n')
      throw new Error('nothing more arrives')
    }
    const payloads = readEventStream(unfinished())
    expect([await payloads.next(), await payloads.next()]).toMatchObject([{ value: 'one' }, { value: 'two' }])
    await expect(payloads.next()).rejects.toThrow('nothing more arrives')
  })

  it('refuses a line without end', async () => {
    await expect(read(`data: ${'x'.repeat(13_000_000)}`, [100_000])).rejects.toMatchObject({
      code: 'bad_answer',
    })
  })

  it('refuses a stream without end, of whatever lines', async () => {
    let sent = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      const piece = new TextEncoder().encode(': keep-alive\n\n'.repeat(100_000))
      for (;;) {
        sent += piece.length
        yield piece
      }
    }
    await expect(readEventStream(endless()).next()).rejects.toMatchObject({ code: 'bad_answer' })
    expect(sent).toBeLessThan(25_000_000)
  })
})
