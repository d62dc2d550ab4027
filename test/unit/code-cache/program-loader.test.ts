import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CachedScript } from '../../../src/code-cache/cache-file.ts'
import { ProgramFiles } from '../../../src/code-cache/program-files.ts'
import { ProgramLoader } from '../../../src/code-cache/program-loader.ts'
import { packProgram } from '../../../src/tools/pack-program.mjs'

const WRAPPER = ['(function(exports,require,module,__filename,__dirname,__url,__load,$script){', '\n})']

describe('the loader of the program', () => {
  let directory: string
  let texts: Map<string, string>
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-loader-'))
    texts = new Map()
    write(
      'main.js',
      'const {twice} = require("./other.js"); exports.result = twice(21); exports.later = () => __load("./late.js")',
    )
    write('other.js', 'exports.twice = (value) => value * 2')
    write('late.js', 'exports.url = __url; exports.path = require("node:path"); exports.here = __dirname')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  function write(name: string, code: string): void {
    texts.set(name, WRAPPER.join(code))
  }

  interface Main {
    result: number
    later: () => Promise<{ url: string; path: { join: unknown }; here: string }>
  }
  const mainOf = (loader: ProgramLoader): Main => loader.load('main.js') as Main

  async function loaderOf(scripts: CachedScript[] = []): Promise<ProgramLoader> {
    const path = join(directory, 'program.pack')
    await packProgram(path, texts)
    return new ProgramLoader(new ProgramFiles(path), directory, scripts)
  }

  async function cached() {
    const loader = await loaderOf()
    await mainOf(loader).later()
    const scripts: CachedScript[] = []
    for await (const script of loader.cache()) scripts.push(script)
    return scripts
  }

  it('runs each file once, with what it requires from beside it and from Node', async () => {
    const loader = await loaderOf()
    const main = mainOf(loader)
    expect(main.result).toBe(42)
    expect(loader.load('main.js')).toBe(main)
    const late = await main.later()
    expect(late.path.join).toBe(join)
    expect(late.here).toBe(directory)
    expect(new URL(late.url).pathname).toBe(join(directory, 'late.js'))
    expect(await main.later()).toBe(late)
    expect(loader.isIncomplete).toBe(true)
  })

  it('takes what V8 made of all of them before', async () => {
    const path = join(directory, 'program.pack')
    const scripts = await cached()
    expect(scripts.map(({ name }) => name).toSorted()).toEqual(['late.js', 'main.js', 'other.js'])
    const loader = new ProgramLoader(new ProgramFiles(path), directory, scripts)
    const main = mainOf(loader)
    expect(main.result).toBe(42)
    await main.later()
    expect(loader.isIncomplete).toBe(false)
  })

  it('compiles a file anew that has changed, also to one of the same length', async () => {
    const scripts = await cached()
    write('other.js', 'exports.twice = (value) => value * 3')
    const loader = await loaderOf(scripts)
    expect(mainOf(loader).result).toBe(63)
    expect(loader.isIncomplete).toBe(true)
  })

  it('compiles anew what V8 does not accept', async () => {
    const scripts = await cached()
    write('main.js', 'exports.result = 1 + 1 + 1')
    const path = join(directory, 'program.pack')
    await packProgram(path, texts)
    const files = new ProgramFiles(path)
    const loader = new ProgramLoader(
      files,
      directory,
      scripts.map((script) => ({ ...script, stamp: files.stampOf(script.name) })),
    )
    expect(mainOf(loader).result).toBe(3)
    expect(loader.isIncomplete).toBe(true)
  })

  it('tells what went wrong in a file, each time, and with its place', async () => {
    write('late.js', '\nthrow new Error("it fails")')
    const loader = await loaderOf()
    const main = mainOf(loader)
    const error = await main.later().then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ message: 'it fails', stack: expect.stringContaining('late.js:2') })
    await expect(main.later()).rejects.toThrow('it fails')
    expect(() => loader.load('missing.js')).toThrow('holds no missing.js')
  })

  it('loads what was there at the start, whatever takes its place meanwhile', async () => {
    const main = mainOf(await loaderOf())
    write('late.js', 'throw new Error("of another version")')
    rmSync(join(directory, 'program.pack'))
    await loaderOf()
    expect((await main.later()).here).toBe(directory)
  })
})
