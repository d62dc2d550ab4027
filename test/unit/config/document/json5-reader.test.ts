import fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, it, vi } from 'vitest'
import { MAX_DEPTH, readJson5, UnreadableError } from '../../../../src/config/document/json5-reader.ts'
import type { Token, ValueNode } from '../../../../src/config/document/json5-tree.ts'
import { CORPUS } from '../edit-corpus.ts'

/** Pieces of JSON5 and of what is nearly JSON5, in any order. */
const PIECES = [
  '{', '}', '[', ']', ',', ':', '{a:', '{"b":', "{'c':", '{}', '[]', '[1,', ',}', ',]', ' ', '\n', '\r\n', '\r', '\t', '\v', '\u00a0', '\u2003', '\ufeff', '\u2028', '\u0085', '\u180e',
  'a', '$b', '_c', 'ab-c', '\\u0061', '\\u0030', '\\x61', 'a\\u0062', 'ä', 'aä', '名', '𝒜', 'a\u200c', '\u200c', '1a', 'null', 'true', 'false', 'nul', 'trues', 'undefined', '__proto__', '"__proto__"', 'constructor',
  '0', '1', '-1', '+1', '- 1', '00', '01', '-0', '+0', '1.', '.5', '-.5', '.', '+', '1.5e3', '1e', '1e+', '1E-7', '0x1F', '0X', '-0xa', '0x1g', '0b1', '1_000', '9007199254740993', '123456789012345', '1234567890123456', '1e999', 'Infinity', '-Infinity', '+NaN', 'NaN', 'infinity', '1n',
  '"x"', "'y'", '"', "'", '"\\""', "'\\''", '"\\x41"', '"\\x4"', '"\\u00e9"', '"\\u12"', "'\\\n'", "'\\\r\n'", '"\\0"', '"\\01"', '"\\1"', '"\\q"', '"\\v\\b\\f"', '"a\nb"', "'a\rb'", '"\u2028"', '"\u2029"', '"\t"', '"\u0001"', '"ü 🙂"', '"//"', "'/*'", '"\\\u2028"', '\\', '"\\',
  '//', '// c\n', '// c\r', '// c\u2028', '/*', '*/', '/* c */', '/**/', '/***/', '/* *', '/', '#', '`x`', ';', '\u0000', '\ud800',
] // prettier-ignore

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''))

/** Rather more of what is valid: an item in a place where one may be. */
const nested = fc
  .tuple(
    fc.constantFrom(
      '[*]',
      '{a: *}',
      '[*,]',
      '{"b": *, c: 1}',
      '/* x */ [ /**/ * // y\n]',
      '{*: 1}',
      '[0, [*]]',
      '*',
    ),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }),
  )
  .map(([frame, pieces]) => frame.replace('*', () => pieces.join('')))

/** A file as somebody writes it, with a piece of something else in it. */
const damaged = fc
  .tuple(
    fc.constantFrom(...CORPUS.map(({ text }) => text.replace(/^\ufeff/, ''))),
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.nat(3),
    fc.constantFrom('', ...PIECES),
  )
  .map(([text, where, length, piece]) => {
    const at = Math.floor(where * text.length)
    return text.slice(0, at) + piece + text.slice(at + length)
  })

/** What a reader makes of a text; a value, or that it is none. */
function outcome(read: () => unknown): { value: unknown } | 'refused' {
  try {
    return { value: read() }
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof SyntaxError) return 'refused'
    throw error
  }
}

function nodesOf(node: ValueNode): ValueNode[] {
  if (node.type === 'array') return [node, ...node.elements.flatMap(nodesOf)]
  if (node.type === 'object') return [node, ...node.members.flatMap(({ value }) => nodesOf(value))]
  return [node]
}

/** How the tokens of each kind look. */
const FORMS: Record<Token['kind'], RegExp> = {
  comment: /^\/[/*]/,
  comma: /^,$/,
  colon: /^:$/,
  open: /^[{[]$/,
  close: /^[}\]]$/,
  string: /^(["'])[^]*\1$/,
  name: /^[^\s,:{}[\]"'/]+$/,
  scalar: /^[^\s,:{}[\]"'/]+$/,
}

// `json5` warns of two line breaks inside of texts.
vi.spyOn(console, 'warn').mockImplementation(() => {})

describe('any text', () => {
  it('is read and refused exactly as json5 does it, with the same values', () => {
    let read = 0
    fc.assert(
      fc.property(fc.oneof(soup, nested, nested, damaged), (text) => {
        const ours = outcome(() => readJson5(text).root.value)
        expect(ours).toStrictEqual(outcome(() => JSON5.parse<unknown>(text)))
        if (ours !== 'refused') read += 1
      }),
      { numRuns: 20_000, endOnFailure: true },
    )
    expect(read).toBeGreaterThan(2_000)
  })

  it('has the place of every value and token, and nothing but white space between tokens', () => {
    fc.assert(
      fc.property(fc.oneof(nested, damaged), (text) => {
        if (outcome(() => readJson5(text)) === 'refused') return
        const { root, tokens } = readJson5(text)
        for (const { range, value } of nodesOf(root))
          expect(JSON5.parse<unknown>(text.slice(...range))).toStrictEqual(value)
        let end = 0
        for (const { kind, range } of tokens) {
          expect(text.slice(end, range[0]).trim()).toBe('')
          expect(range[0]).toBeGreaterThanOrEqual(end)
          expect(text.slice(...range)).toMatch(FORMS[kind])
          end = range[1]
        }
        expect(text.slice(end).trim()).toBe('')
      }),
      { numRuns: 3_000 },
    )
  })
})

it('is read once for values and places: every node has its own part of the text', () => {
  const text = "{ a: [1, 'x'], 'b c': { d: null }, }"
  const { root } = readJson5(text)
  expect(nodesOf(root).map(({ range }) => text.slice(...range))).toEqual([
    text,
    "[1, 'x']",
    '1',
    "'x'",
    '{ d: null }',
    'null',
  ])
})

it('refuses what is nested too deeply, and nothing less deep', () => {
  const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(() => readJson5(deep(MAX_DEPTH))).not.toThrow()
  expect(() => readJson5(deep(MAX_DEPTH + 1))).toThrow(expect.objectContaining({ isTooDeep: true }) as Error)
  expect(() => readJson5('['.repeat(1_000_000))).toThrow(UnreadableError)
})
