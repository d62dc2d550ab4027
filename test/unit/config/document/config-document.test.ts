import fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { normalizePhoneNumber } from '../../../../src/access/numbers/phone-number.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { ConfigDocument } from '../../../../src/config/document/config-document.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import { configProblemSchema } from '../../../../src/protocol/config/config-problem.ts'
import { configFile } from '../config-file.ts'

/** Who is let in by this text: nobody when it cannot be used. */
function letIn(text: string): readonly string[] {
  try {
    return (
      resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS }).accounts['default']?.access
        .allowFrom ?? []
    )
  } catch (error) {
    if (error instanceof ConfigError) return []
    throw error
  }
}

/** Every entry that the text names anywhere in our section, for a reader that shares no code with ours. */
function named(text: string): Set<string> {
  let value: unknown
  try {
    value = JSON5.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return new Set()
  }
  const entries: string[] = []
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'string' || typeof inner === 'number') {
      const number = normalizePhoneNumber(inner)
      entries.push(inner === '*' ? '*' : number.ok ? number.e164 : '')
    }
    return inner
  })
  return new Set(entries)
}

const mutation = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  fc.constantFrom('delete', 'insert', 'replace', 'repeat'),
  fc.constantFrom(...Array.from('{}[],:"\'/*\\\n 0159+-.xeN_'), '\u0000', '\u2028', '*/', '//', '"*"'),
)

function mutated(
  text: string,
  mutations: readonly (typeof mutation extends fc.Arbitrary<infer M> ? M : never)[],
): string {
  return mutations.reduce((each, [where, kind, piece]) => {
    const at = Math.floor(where * each.length)
    if (kind === 'delete') return each.slice(0, at) + each.slice(at + 1)
    if (kind === 'insert') return each.slice(0, at) + piece + each.slice(at)
    if (kind === 'replace') return each.slice(0, at) + piece + each.slice(at + 1)
    return each.slice(0, at) + each.slice(at, at + 12) + each.slice(at)
  }, text)
}

describe('a document', () => {
  it('reads what every other reader of JSON5 reads', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 })
    fc.assert(
      fc.property(value, fc.constantFrom('"', "'"), fc.constantFrom(0, 2, '\t'), (given, quote, space) => {
        const text = JSON5.stringify(given, { quote, space })
        expect(ConfigDocument.read(text).value).toEqual(JSON5.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('answers anything at all with a config or with problems that have a place on the wire', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom('{', '}', '[', ']', ',', ':', 'a', "'", '"', '1', '\n', '//', '/*', '*/', '\\'),
          { maxLength: 30 },
        )
        .map((pieces) => pieces.join('')),
      fc
        .tuple(configFile, fc.array(mutation, { maxLength: 4 }))
        .map(([file, changes]) => mutated(file.text, changes)),
    )
    fc.assert(
      fc.property(text, (given) => {
        try {
          ConfigDocument.read(given)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          for (const problem of error.problems) configProblemSchema.parse(problem)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['{', 1, 2],
    ['{\n  a: 1,\n  b 2\n}', 3, 5],
    ['{ a: [1, 2 }', 1, 12],
    ["{ a: 'x\ny' }", 2, 1],
    ['{ a: tru }', 1, 9],
    ['{ a: 01 }', 1, 7],
    ['{}\n{}', 2, 1],
    ['{ a: "\\u12" }', 1, 11],
    ['{ /* a }', 1, 9],
    ['{ a: 1 }\n\0\0', 2, 1],
  ])('finds what is wrong with %j at line %i, column %i', (text, line, column) => {
    expect(() => ConfigDocument.read(text)).toThrow(ConfigError)
    try {
      ConfigDocument.read(text)
    } catch (error) {
      expect(error).toMatchObject({ problems: [{ code: 'syntax', path: '', line, column }] })
    }
  })

  it('counts lines in files with a byte order mark and with other line breaks the same', () => {
    for (const text of ['\uFEFF{\n a: ]', '{\r\n a: ]', '\uFEFF{\r\n a: ]']) {
      expect(() => ConfigDocument.read(text)).toThrow(
        expect.objectContaining({ problems: [expect.objectContaining({ line: 2, column: 5 })] }),
      )
    }
  })
})

describe('who is let in', () => {
  it('is somebody whom the text names, whatever becomes of it', () => {
    fc.assert(
      fc.property(configFile, fc.array(mutation, { maxLength: 5 }), (file, changes) => {
        const text = mutated(file.text, changes)
        const who = letIn(text)
        const known = named(text)
        for (const number of who) expect(known).toContain(number)
      }),
      { numRuns: 3000 },
    )
  })

  it('is exactly who is in the list, in whatever style it is written', () => {
    fc.assert(
      fc.property(configFile, (file) => {
        expect(letIn(file.text)).toEqual(file.entries.map(({ digits }) => `+${digits}`))
      }),
    )
  })
})

describe('the waits between attempts to connect', () => {
  const waits = (text: string) =>
    resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS }).daemon.reconnect

  it('are those of the file, in milliseconds, and otherwise 2 s to 60 s', () => {
    expect(waits('{}')).toEqual({ firstDelayMs: 2_000, capMs: 60_000 })
    expect(waits('{whatsappd: {reconnect: {firstDelaySeconds: 0.5, maxDelaySeconds: 30}}}')).toEqual({
      firstDelayMs: 500,
      capMs: 30_000,
    })
  })
})
