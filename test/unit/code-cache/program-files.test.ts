import { mkdtempSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ProgramFiles } from '../../../src/code-cache/program-files.ts'
import { packProgram } from '../../../src/tools/pack-program.mjs'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-pack-'))
  path = join(directory, 'program.pack')
})
afterEach(() => rmSync(directory, { recursive: true }))

const TEXTS = new Map([
  ['main.js', 'the first'],
  ['empty.js', ''],
  ['large.js', 'x'.repeat(300_000)],
])

it('gives each file as it was packed, and the digest of all', async () => {
  const digest = await packProgram(path, TEXTS)
  const files = new ProgramFiles(path)
  expect(files.names).toEqual([...TEXTS.keys()])
  for (const [name, text] of TEXTS) expect(files.read(name)).toBe(text)
  expect(files.digest).toBe(digest)
  expect(await packProgram(path, new Map([...TEXTS, ['main.js', 'the other']]))).not.toBe(digest)
})

it('holds nothing that was not packed', async () => {
  await packProgram(path, TEXTS)
  const files = new ProgramFiles(path)
  for (const name of ['other.js', '__proto__', 'toString'])
    expect(() => files.read(name)).toThrow(`holds no ${name}`)
})

it('gives nothing of a file that is written over while it is in use', async () => {
  await packProgram(path, TEXTS)
  const files = new ProgramFiles(path)
  writeFileSync(path, readFileSync(path))
  utimesSync(path, 1, 1)
  expect(() => files.read('main.js')).toThrow('restart whatsappd')
})

it('takes no other file, and none that is cut off', async () => {
  writeFileSync(path, 'something else'.repeat(10))
  expect(() => new ProgramFiles(path)).toThrow('no program of whatsappd')
  writeFileSync(path, '')
  expect(() => new ProgramFiles(path)).toThrow('ends too early')
  await packProgram(path, TEXTS)
  truncateSync(path, 1_000)
  const files = new ProgramFiles(path)
  expect(files.read('main.js')).toBe('the first')
  expect(() => files.read('large.js')).toThrow('ends too early')
})
