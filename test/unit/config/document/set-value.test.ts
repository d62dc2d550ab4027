import fc from 'fast-check'
import json5 from 'json5'
import { expect, test } from 'vitest'
import { ConfigDocument } from '../../../../src/config/document/config-document.ts'
import { removeKey } from '../../../../src/config/document/remove-key.ts'
import { setValue } from '../../../../src/config/document/set-value.ts'

const set = (text: string, path: readonly string[], value: unknown): string =>
  setValue(new ConfigDocument(text), path, value).text

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
  expect(set(COMMENTED, ['whatsappd', 'whatsapp', 'webSocketUrl'], 'ws://127.0.0.1:1/')).toBe(
    COMMENTED.replace('null', "'ws://127.0.0.1:1/'"),
  )
})

test('adds a missing key at the end of its object, with the objects on the way', () => {
  expect(set(COMMENTED, ['whatsappd', 'proxy', 'url'], 'x')).toBe(
    COMMENTED.replace('    },\n  },\n}', "    },\n    proxy: {\n      url: 'x',\n    },\n  },\n}"),
  )
})

test.each([
  ['{}', { a: { b: 1 } }],
  ['{ }', { a: { b: 1 } }],
  ['{a:{}}', { a: { b: 1 } }],
  ['{a:null}', { a: { b: 1 } }],
  ['{"a":{"c":2}}', { a: { b: 1, c: 2 } }],
])('works on %s', (text, expected) => {
  expect(json5.parse(set(text, ['a', 'b'], 1))).toMatchObject(expected)
})

test('refuses to put something inside what is no object', () => {
  expect(() => set('{a: [1]}', ['a', 'b'], 1)).toThrow('object is needed')
})

const names = fc.stringMatching(/^[a-z]{1,3}$/)
const objects = fc.dictionary(names, fc.dictionary(names, fc.jsonValue()))
/** Their prototypes differ: what JSON5 reads has a plain one. */
const plain = (value: unknown): Record<string, Record<string, unknown>> =>
  JSON.parse(JSON.stringify(value)) as Record<string, Record<string, unknown>>

test('gives the same object as an assignment, for any JSON object', () => {
  fc.assert(
    fc.property(
      objects,
      names,
      names,
      fc.jsonValue(),
      fc.constantFrom(0, 2),
      (object, outer, inner, value, space) => {
        const before = plain(object)
        const expected = { ...before, [outer]: { ...before[outer], [inner]: plain([value])[0] } }
        const after = set(JSON.stringify(before, null, space), [outer, inner], value)
        expect(json5.parse(after)).toEqual(expected)
        if (Object.keys(before).length > 0) expect(JSON.parse(after)).toEqual(expected)
      },
    ),
  )
})

test('gives the same object as a deletion, for any JSON object', () => {
  fc.assert(
    fc.property(objects, names, names, (object, outer, inner) => {
      const before = plain(object)
      const text = JSON.stringify(before, null, 2)
      const after = removeKey(new ConfigDocument(text), [outer, inner]).text
      delete before[outer]?.[inner]
      expect(JSON.parse(after)).toEqual(before)
    }),
  )
})
