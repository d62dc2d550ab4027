import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFrame } from '../../../src/client/parse-frame.ts'

test('nothing that arrives makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseFrame(text)))
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseFrame(JSON.stringify(value))))
  const frame = fc.record(
    {
      jsonrpc: fc.constant('2.0'),
      id: fc.jsonValue(),
      method: fc.jsonValue(),
      error: fc.jsonValue(),
      params: fc.jsonValue(),
    },
    { requiredKeys: ['jsonrpc'] },
  )
  fc.assert(fc.property(frame, (value) => void parseFrame(JSON.stringify(value))))
})

test.each([
  ['text that is not JSON', '{'],
  ['an array', '[]'],
  ['another version', '{"jsonrpc":"1.0","id":1,"result":{}}'],
  ['a notification without parameters', '{"jsonrpc":"2.0","method":"account.status"}'],
  ['neither result nor error', '{"jsonrpc":"2.0","id":1}'],
  ['bytes', new Uint8Array([123, 125])],
])('%s is no frame', (_what, data) => {
  expect(parseFrame(data)).toBeNull()
})

test('an error without data is an internal error', () => {
  const frame = parseFrame('{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Broken."}}')
  expect(frame).toMatchObject({ kind: 'error', error: { code: 'internal_error', message: 'Broken.' } })
})
