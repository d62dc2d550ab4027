import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { proto } from '@whiskeysockets/baileys'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { messageTypes } from '../../../src/tools/message-types.mjs'

// The bundle takes WhatsApp's message types apart and puts them together again: whoever loads Baileys, with or without loading
// the parts first, must find the same types.

/** Node compiles so much in one go without holding up the event loop. */
const LARGEST_MODULE_BYTES = 600_000

let directory: string
let sizes: number[]
let bundled: Record<string, unknown>

beforeAll(async () => {
  // Inside of the project, where the bundle finds what it does not bring along.
  directory = await mkdtemp(join(tmpdir(), 'message-types-'))
  const { metafile } = await build({
    stdin: {
      contents: `export { proto } from '@whiskeysockets/baileys/WAProto/index.js'
        export { messageTypeParts } from './src/transports/linked-device/message-type-parts.ts'`,
      resolveDir: process.cwd(),
    },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    minifyWhitespace: true,
    plugins: [messageTypes],
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes)
  bundled = await import(pathToFileURL(join(directory, 'stdin.mjs')).href)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** Each type and each enumeration, with what belongs to it. */
function membersOf(value: unknown, path: string, found: string[] = []): string[] {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return [...found, path]
  found.push(path)
  for (const [name, member] of Object.entries(value)) membersOf(member, `${path}.${name}`, found)
  return found
}

it('holds every message type of the generated file, and what belongs to it', () => {
  const expected = membersOf(proto, 'proto')
  expect(expected.length).toBeGreaterThan(3_000)
  expect(membersOf(bundled['proto'], 'proto').toSorted()).toEqual(expected.toSorted())
})

it('writes the same bytes', () => {
  const message = {
    extendedTextMessage: { text: 'Hello', contextInfo: { stanzaId: 'A1', mentionedJid: ['1@lid'] } },
  }
  const written = (bundled['proto'] as typeof proto).Message.encode(message).finish()
  expect(Buffer.from(written)).toEqual(Buffer.from(proto.Message.encode(message).finish()))
})

it('is made of modules that Node compiles without holding up the event loop', async () => {
  expect(Math.max(...sizes)).toBeLessThan(LARGEST_MODULE_BYTES)
  const parts = bundled['messageTypeParts'] as (() => Promise<unknown>)[]
  expect(parts.length).toBeGreaterThan(5)
  await Promise.all(parts.map((load) => load()))
})
