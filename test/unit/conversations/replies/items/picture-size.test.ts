import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pictureSize } from '../../../../../src/conversations/replies/items/picture-size.ts'
import { pngFile } from '../../../../support/media-files.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'picture-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function sizeOf(bytes: Uint8Array): ReturnType<typeof pictureSize> {
  const path = join(directory, 'picture')
  writeFileSync(path, bytes)
  return pictureSize(path)
}

const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0001108012c019003012200021101031101',
  'hex',
)
const WEBP_EXTENDED = Buffer.concat([
  Buffer.from('RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1'),
  Buffer.from('02000000ff0100ff0000', 'hex'),
])

it.each([
  ['PNG', pngFile(40, 30), { width: 40, height: 30, isAnimated: false }],
  ['JPEG', JPEG, { width: 400, height: 300, isAnimated: false }],
  ['moving WebP', WEBP_EXTENDED, { width: 512, height: 256, isAnimated: true }],
  [
    'huge PNG, which nothing decodes',
    Buffer.from('89504e470d0a1a0a0000000d494844527fffffff7fffffff', 'hex'),
    null,
  ],
  ['text', Buffer.from('hello'), null],
  ['nothing', Buffer.alloc(0), null],
])('reads the size of a %s', async (_what, bytes, size) => {
  expect(await sizeOf(bytes)).toEqual(size)
})

it('survives every other file', async () => {
  const heads = ['89504e470d0a1a0a', 'ffd8', '524946460000000057454250', ''].map((hex) =>
    Buffer.from(hex, 'hex'),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
      const size = await sizeOf(Buffer.concat([head, rest]))
      expect(size === null || (size.width > 0 && size.height > 0)).toBe(true)
    }),
    { numRuns: 200 },
  )
})
