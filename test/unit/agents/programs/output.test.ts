import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLines } from '../../../../src/agents/programs/read-lines.ts'
import { readText } from '../../../../src/agents/programs/read-text.ts'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function collect(texts: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const text of texts) all.push(text)
  return all
}

const textOf = async (bytes: Buffer, size: number): Promise<string> =>
  (await collect(readText(inPieces(bytes, size)))).join('')

const pieces = fc.integer({ min: 1, max: 7 })

it('reads text in whatever pieces its bytes come, without the line ends at its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), pieces, async (text, size) => {
      // A byte order mark at the beginning is none of its words.
      const expected = text.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '')
      expect(await textOf(Buffer.from(text), size)).toBe(expected)
    }),
  )
  expect(await textOf(Buffer.from('one\n\ntwo\r\n\n'), 1)).toBe('one\n\ntwo')
})

it('reads lines in whatever pieces their bytes come', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''))
  await fc.assert(
    fc.asyncProperty(fc.array(line), pieces, fc.constantFrom('\n', '\r\n'), async (lines, size, end) => {
      const bytes = Buffer.from(lines.map((text) => text + end).join(''))
      expect(await collect(readLines(inPieces(bytes, size)))).toEqual(lines)
    }),
  )
  expect(await collect(readLines(inPieces(Buffer.from('one\nlast'), 2)))).toEqual(['one', 'last'])
})

it('says what to do about bytes that are not UTF-8, also where a character is cut off', async () => {
  for (const bytes of [Buffer.from('Grüße', 'latin1'), Buffer.from('Grü').subarray(0, 3)]) {
    for (const read of [textOf(bytes, 2), collect(readLines(inPieces(bytes, 2)))]) {
      await expect(read).rejects.toMatchObject({
        code: 'bad_answer',
        action: expect.stringContaining('UTF-8'),
      })
    }
  }
})

it.each([
  { what: 'line without end', read: readLines, text: 'x' },
  { what: 'empty lines without end', read: readText, text: '\n' },
  { what: 'empty lines of two characters without end', read: readText, text: '\r\n' },
])('keeps no $what', async ({ read, text }) => {
  let length = 0
  // More than is kept, and an end for a reader that keeps everything.
  async function* endless(): AsyncGenerator<Buffer> {
    for (; length < 4_000_000; length += 65_536) yield Buffer.alloc(65_536, text)
  }
  await expect(collect(read(endless()))).rejects.toMatchObject({ code: 'bad_answer' })
  expect(length).toBeLessThan(2_000_000)
})
