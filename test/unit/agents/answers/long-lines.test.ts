/**
 * A file comes in base64 on one line of some megabytes, in thousands of chunks. The line was put together and searched again with each of
 * them: the daemon did nothing else for most of a minute.
 */
import { expect, it } from 'vitest'
import { readAnswer } from '../../../../src/agents/answers/read-answer.ts'
import { readAnswerBody } from '../../../../src/agents/openai/answer-body.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

const LENGTH = 4_000_000
const CHUNK_BYTES = 1_400

async function* inChunks(text: string): AsyncGenerator<Uint8Array, void, void> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES)
    yield await Promise.resolve(bytes.subarray(start, start + CHUNK_BYTES))
}

it.each<[what: string, read: (line: string) => AsyncIterable<unknown>]>([
  [
    'of JSON Lines',
    (line) =>
      readAnswer({
        contentType: 'application/x-ndjson',
        bytes: inChunks(`${line}\n${line}\n{"type":"done"}`),
      }),
  ],
  ['of a body of JSON', (line) => readAnswerBody(inChunks(line))],
])('reads long lines %s in the time that their length takes', async (_what, read) => {
  await expectLinearGrowth(
    async (length) => {
      let values = 0
      const line = JSON.stringify({ type: 'data', data: 'A'.repeat(length) })
      for await (const value of read(line)) values += JSON.stringify(value).length > length ? 1 : 0
      expect(values).toBeGreaterThan(0)
    },
    LENGTH,
    4_000,
  )
})

it.each<[body: string, values: unknown[]]>([
  ['\n\n {"a":1}\r\n\n[{"b":2},{"c":3}]\n{"d":4}', [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]],
  ['{\n "a": [1,\n 2]\n}\n', [{ a: [1, 2] }]],
  ['\ufeff{"a":"é"}\n', [{ a: 'é' }]],
])('reads %j alike in pieces of every size', async (body, values) => {
  const bytes = Buffer.from(body)
  for (let size = 1; size <= bytes.length; size += 1) {
    const pieces = async function* (): AsyncGenerator<Uint8Array, void, void> {
      for (let start = 0; start < bytes.length; start += size)
        yield await Promise.resolve(bytes.subarray(start, start + size))
    }
    const read: unknown[] = []
    for await (const value of readAnswerBody(pieces())) read.push(value)
    expect(read).toEqual(values)
  }
})
