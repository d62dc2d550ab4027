import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEventStream } from '../../../../../src/agents/connectors/openai-chat/event-stream.ts'

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
        expect(await read(text, sizes)).toEqual(payloads)
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })

  it('refuses a line without end', async () => {
    await expect(read(`data: ${'x'.repeat(2_000_000)}`, [100_000])).rejects.toMatchObject({
      code: 'bad_answer',
    })
  })
})
