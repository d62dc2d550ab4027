import fc from 'fast-check'
import json5 from 'json5'
import { expect, test } from 'vitest'
import { setJson5Value } from '../../../src/commands/set-json5-value.ts'

const COMMENTED = `// the sandbox's own file
{
  channels: { whatsapp: { allowFrom: ['+15555550101'] } }, // keep me
  "whatsappd": {
    log: { level: 'info' },
    whatsapp: {
      webSocketUrl: null, // WhatsApp itself
    },
  },
}
`

test('replaces a value and leaves every other byte', () => {
  expect(setJson5Value(COMMENTED, ['whatsappd', 'whatsapp', 'webSocketUrl'], 'ws://127.0.0.1:1/')).toBe(
    COMMENTED.replace('null', "'ws://127.0.0.1:1/'"),
  )
})

test('adds a missing key first in its object, with the objects on the way', () => {
  const edited = setJson5Value(COMMENTED, ['whatsappd', 'proxy', 'url'], 'x')
  expect(json5.parse(edited)).toMatchObject({ whatsappd: { proxy: { url: 'x' }, log: { level: 'info' } } })
  expect(edited).toContain(`  "whatsappd": {\n    proxy: {\n      url: 'x',\n    },\n    log:`)
})

test.each([
  ['{}', { a: { b: 1 } }],
  ['{ }', { a: { b: 1 } }],
  ['{a:{}}', { a: { b: 1 } }],
  ['{a:null}', { a: { b: 1 } }],
  ['{"a":{"c":2}}', { a: { b: 1, c: 2 } }],
])('works on %s', (text, expected) => {
  expect(json5.parse(setJson5Value(text, ['a', 'b'], 1))).toEqual(expected)
})

test('refuses to put something inside what is no object', () => {
  expect(() => setJson5Value('{a: [1]}', ['a', 'b'], 1)).toThrow('found Array')
})

test('gives the same object as an assignment, for any JSON object', () => {
  const objects = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue()),
  )
  fc.assert(
    fc.property(
      objects,
      fc.stringMatching(/^[a-z]{1,3}$/),
      fc.stringMatching(/^[a-z]{1,3}$/),
      fc.jsonValue(),
      (object, outer, inner, value) => {
        // Their prototypes differ: what JSON5 reads has a plain one.
        const before = JSON.parse(JSON.stringify(object)) as Record<string, Record<string, unknown>>
        const expected = {
          ...before,
          [outer]: { ...before[outer], [inner]: JSON.parse(JSON.stringify(value)) as unknown },
        }
        expect(json5.parse(setJson5Value(JSON.stringify(before, null, 2), [outer, inner], value))).toEqual(
          expected,
        )
      },
    ),
  )
})
