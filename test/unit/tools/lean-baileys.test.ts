import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BinaryNode, encodeBinaryNode, promiseTimeout } from '@whiskeysockets/baileys'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { leanBaileys, leanText } from '../../../src/tools/lean-baileys.mjs'

// The bundle does by less what Baileys does with every frame: the same must come of it.

const LIB = dirname(fileURLToPath(import.meta.resolve('@whiskeysockets/baileys')))

let directory: string
let lean: { encodeBinaryNode: typeof encodeBinaryNode; promiseTimeout: typeof promiseTimeout }

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lean-baileys-'))
  await build({
    stdin: {
      contents: `export { encodeBinaryNode } from ${JSON.stringify(join(LIB, 'WABinary/encode.js'))}
        export { promiseTimeout } from ${JSON.stringify(join(LIB, 'Utils/generics.js'))}`,
      resolveDir: process.cwd(),
    },
    outfile: join(directory, 'lean.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [leanBaileys],
    external: ['libsignal'],
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  lean = await import(pathToFileURL(join(directory, 'lean.mjs')).href)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const characters = fc.constantFrom(...'0123456789.-ABCDEFabcdefGgz @:é\n\0'.split(''))
const text = fc.oneof(
  fc.string({ unit: characters, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'0123456789.-'.split('')), maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'.split('')), maxLength: 300 }),
)

it('encodes stanzas to the same bytes', () => {
  fc.assert(
    fc.property(text, fc.oneof(text, fc.uint8Array()), (id, content) => {
      const node: BinaryNode = { tag: 'message', attrs: { id, to: '15550000001@s.whatsapp.net' }, content }
      expect(lean.encodeBinaryNode(node).equals(encodeBinaryNode(node))).toBe(true)
    }),
  )
})

it('settles as what it waits for, and rejects when that takes too long', async () => {
  const failure = new Error('refused')
  for (const limited of [promiseTimeout, lean.promiseTimeout]) {
    for (const ms of [undefined, 10_000]) {
      await expect(limited(ms, (resolve) => resolve('answer'))).resolves.toBe('answer')
      await expect(limited(ms, (resolve) => resolve(Promise.resolve('late') as never))).resolves.toBe('late')
      await expect(limited(ms, (_resolve, reject) => reject(failure))).rejects.toBe(failure)
      await expect(
        limited(ms, () => {
          throw failure
        }),
      ).rejects.toBe(failure)
    }
    await expect(limited(1, () => {})).rejects.toMatchObject({ output: { statusCode: 408 } })
  }
})

it('leaves no timer behind', async () => {
  vi.useFakeTimers()
  try {
    await lean.promiseTimeout(10_000, (resolve) => resolve('answer'))
    await lean
      .promiseTimeout(10_000, () => {
        throw new Error('refused')
      })
      .catch(() => undefined)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

it('refuses a Baileys that does these things in another way', () => {
  const generics = readFileSync(join(LIB, 'Utils/generics.js'), 'utf8')
  expect(leanText('Utils/generics.js', generics)).not.toBe(generics)
  expect(() => leanText('Utils/generics.js', generics.replace('.finally(cancel)', ''))).toThrow('no longer')
  const encode = readFileSync(join(LIB, 'WABinary/encode.js'), 'utf8')
  expect(() => leanText('WABinary/encode.js', encode.replaceAll("char >= 'A'", "char >= 'B'"))).toThrow(
    'no longer',
  )
})
