import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z as plain } from 'zod'
import { lazyZod, leanZod } from '../../../src/tools/lean-zod.mjs'

// In the bundle an object makes code of its own for parsing only when it is parsed often: it must parse the same before and after.

const FILE = fileURLToPath(import.meta.resolve('zod/v4/core').replace('index.js', 'schemas.js'))

describe('zod in the bundle', () => {
  let directory: string
  let z: typeof plain
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lean-zod-'))
    await build({
      stdin: { contents: `export { z } from 'zod'`, resolveDir: process.cwd() },
      outfile: join(directory, 'zod.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      plugins: [lazyZod],
      logLevel: 'silent',
    })
    ;({ z } = (await import(pathToFileURL(join(directory, 'zod.mjs')).href)) as { z: typeof plain })
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  const schemas = (library: typeof plain): plain.ZodType[] => {
    const inner = { a: library.string().min(2), b: library.number().int().optional() }
    return [
      library.object({ ...inner, more: library.object(inner).nullable() }),
      library.strictObject({ ...inner, kind: library.enum(['x', 'y']).default('x') }),
      library.looseObject({ list: library.array(library.object(inner)).max(2) }),
    ]
  }

  it('parses as it does elsewhere, the first time and the hundredth', () => {
    const values = [
      { a: 'ab', b: 1, more: { a: 'cd' } },
      { a: 'a', b: 1.5, more: null, extra: true },
      { a: 'ab', kind: 'y' },
      { a: 'ab', extra: 1 },
      { list: [{ a: 'ab', b: 2, gone: 1 }, { a: '' }, {}], free: [1] },
      null,
      [],
    ]
    const lean = schemas(z)
    for (const [index, schema] of schemas(plain).entries())
      for (let round = 0; round < 100; round += 1)
        for (const value of values) {
          const { success, data, error } = lean[index]?.safeParse(value) ?? {}
          const expected = schema.safeParse(value)
          expect({ success, data, issues: error?.issues }).toEqual({
            success: expected.success,
            data: expected.data,
            issues: expected.error?.issues,
          })
        }
  })

  it('makes no code for an object that is parsed a few times, and makes it for one that is parsed often', () => {
    const made: string[] = []
    const original = globalThis.Function
    const schema = z.object({ a: z.string() })
    schema.parse({ a: 'the probe for whether code can be made comes first' })
    globalThis.Function = new Proxy(original, {
      construct(target, parts: string[]) {
        made.push(parts.at(-1) ?? '')
        return Reflect.construct(target, parts) as object
      },
    })
    try {
      for (let round = 1; round < 8; round += 1) schema.parse({ a: 'b' })
      expect(made).toEqual([])
      for (let round = 0; round < 8; round += 1) schema.parse({ a: 'b' })
      expect(made).toHaveLength(1)
    } finally {
      globalThis.Function = original
    }
  })

  it('speaks English, and holds no other language', () => {
    expect(z.string().safeParse(1).error?.issues[0]?.message).toBe(
      'Invalid input: expected string, received number',
    )
    expect(Object.keys(z.locales)).toEqual(['en'])
    expect(readFileSync(join(directory, 'zod.mjs'), 'utf8')).not.toContain('Ungültig')
  })

  it('is refused where its text is another', () => {
    const text = readFileSync(FILE, 'utf8')
    expect(leanZod(text)).not.toBe(text)
    expect(() => leanZod(text.replace('ctx.jitless !== true', 'ctx.jitless === false'))).toThrow(
      'no longer makes code',
    )
    expect(() => leanZod(text.replace('let fastpass;', 'let quick;'))).toThrow('no longer makes code')
  })
})
