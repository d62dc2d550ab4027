import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRequest } from '../../../../src/control/frames/parse-request.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'

function codeOf(text: string): string {
  try {
    parseRequest(text)
    return 'accepted'
  } catch (error) {
    if (error instanceof DaemonError) return error.code
    throw error
  }
}

it('answers any text with a request or one of two errors', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(['parse_error', 'invalid_request']).toContain(codeOf(text))
    }),
  )
})

it('answers any JSON with a request or invalid_request', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(codeOf(text)).toBe('invalid_request')
    }),
  )
})

it('returns exactly what a well-formed request holds', () => {
  const id = fc.oneof(fc.string({ minLength: 1, maxLength: 128 }), fc.maxSafeInteger())
  // No method has a parameter of this name; the next test tells what becomes of it.
  const name = fc.string().filter((key) => key !== '__proto__')
  const params = fc.option(fc.dictionary(name, fc.jsonValue()), { nil: undefined })
  fc.assert(
    fc.property(id, fc.string({ minLength: 1, maxLength: 64 }), params, (requestId, method, given) => {
      const text = JSON.stringify({ jsonrpc: '2.0', id: requestId, method, params: given })
      // Compared as text: a key such as __proto__ must stay data.
      expect(JSON.parse(JSON.stringify(parseRequest(text)))).toEqual(JSON.parse(text))
    }),
  )
})

it('takes no parameter for a prototype', () => {
  const { params } = parseRequest(
    '{"jsonrpc":"2.0","id":1,"method":"a","params":{"__proto__":{"scope":"link"}}}',
  )
  expect(params).toEqual({})
  expect(params?.['scope']).toBeUndefined()
})
