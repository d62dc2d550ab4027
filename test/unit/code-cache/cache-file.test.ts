import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CachedScript, readCacheFile, writeCacheFile } from '../../../src/code-cache/cache-file.ts'

const KEY = 'build v20.0.0 x64 1'
const SCRIPTS: CachedScript[] = [
  { name: 'main.js', stamp: '10/1', data: Buffer.from('made of main') },
  { name: 'other.js', stamp: '20/2', data: Buffer.alloc(5_000, 3) },
  { name: 'empty.js', stamp: '0/3', data: Buffer.alloc(0) },
]

describe('the file of the code cache', () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-code-'))
    chmodSync(directory, 0o700)
    path = join(directory, 'code-cache')
    await writeCacheFile(directory, KEY, 2, SCRIPTS)
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('gives back what was written, 0600, and leaves nothing beside it', () => {
    expect(readCacheFile(directory, KEY)).toEqual({ round: 2, scripts: SCRIPTS })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['code-cache'])
  })

  it('is as none for another program, another Node or other flags', () => {
    expect(readCacheFile(directory, `${KEY}2`)).toBeNull()
  })

  it('is as none where one bit of it has changed, wherever that is', () => {
    const whole = readFileSync(path)
    for (let index = 0; index < whole.length; index += 97) {
      const changed = Buffer.from(whole)
      changed[index] = (changed[index] ?? 0) ^ 1
      writeFileSync(path, changed)
      expect(readCacheFile(directory, KEY)).toBeNull()
    }
  })

  it('leaves what is there when one of the scripts cannot be had', async () => {
    const before = readFileSync(path)
    await writeCacheFile(
      directory,
      KEY,
      3,
      (function* () {
        yield SCRIPTS[1] as CachedScript
        throw new Error('no memory')
      })(),
    )
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(directory)).toEqual(['code-cache'])
  })

  it('is as none where it was cut off, or is empty, or missing', () => {
    const { size } = statSync(path)
    for (const length of [size - 1, 100, 36, 31, 0]) {
      truncateSync(path, length)
      expect(readCacheFile(directory, KEY)).toBeNull()
    }
    rmSync(path)
    expect(readCacheFile(directory, KEY)).toBeNull()
  })

  it.each([0o640, 0o604, 0o660, 0o602])(
    'is as none with mode %o: another user could have written it',
    (mode) => {
      chmodSync(path, mode)
      expect(readCacheFile(directory, KEY)).toBeNull()
    },
  )

  it.each([0o750, 0o701, 0o777])(
    'is as none in a directory with mode %o, and not written there',
    async (mode) => {
      chmodSync(directory, mode)
      expect(readCacheFile(directory, KEY)).toBeNull()
      const before = readFileSync(path)
      await writeCacheFile(directory, KEY, 3, [])
      expect(readFileSync(path)).toEqual(before)
      expect(readdirSync(directory)).toEqual(['code-cache'])
    },
  )

  it('is as none behind a link, and with a second name', () => {
    const elsewhere = join(directory, 'elsewhere')
    linkSync(path, elsewhere)
    expect(readCacheFile(directory, KEY)).toBeNull()
    rmSync(path)
    expect(readCacheFile(directory, KEY)).toBeNull()
    symlinkSync(elsewhere, path)
    expect(readCacheFile(directory, KEY)).toBeNull()
  })

  it('replaces what is there and follows no link', async () => {
    const elsewhere = join(directory, 'elsewhere')
    renameSync(path, elsewhere)
    symlinkSync(elsewhere, path)
    const before = readFileSync(elsewhere)
    await writeCacheFile(directory, 'another key', 1, SCRIPTS.slice(0, 1))
    expect(readFileSync(elsewhere)).toEqual(before)
    expect(readCacheFile(directory, 'another key')?.scripts).toEqual(SCRIPTS.slice(0, 1))
  })

  it('harms nobody where it cannot be written', async () => {
    await writeCacheFile(join(directory, 'missing'), KEY, 1, SCRIPTS)
    expect(readCacheFile(join(directory, 'missing'), KEY)).toBeNull()
  })
})
