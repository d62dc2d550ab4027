import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { proto } from '@whiskeysockets/baileys'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { messageTypes } from '../../../src/tools/message-types.mjs'

// The bundle takes WhatsApp's message types apart: whoever loads Baileys must find the same types.

/** Node loads and compiles so much in a few milliseconds. */
const LARGEST_FILE_BYTES = 120_000
const require = createRequire(import.meta.url)

let directory: string
let loadedAtImport: number
let bundled: Record<string, unknown>

beforeAll(async () => {
  // Inside of the project, where the bundle finds what it does not bring along.
  directory = await mkdtemp(join(tmpdir(), 'message-types-'))
  await build({
    stdin: {
      contents: "export { proto } from '@whiskeysockets/baileys/WAProto/index.js'",
      resolveDir: process.cwd(),
    },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    minifyWhitespace: true,
    plugins: [messageTypes],
    logLevel: 'silent',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  bundled = await import(pathToFileURL(join(directory, 'stdin.mjs')).href)
  loadedAtImport = Object.keys(require.cache).filter((path) => path.startsWith(directory)).length
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

it('loads no type before it is asked for, and then a file that takes no time', () => {
  const files = Object.keys(require.cache).filter((path) => path.startsWith(directory))
  // Asked for by the tests above: all of them.
  expect(files.length).toBeGreaterThan(40)
  expect(Math.max(...files.map((path) => statSync(path).size))).toBeLessThan(LARGEST_FILE_BYTES)
  expect(loadedAtImport).toBe(0)
})
