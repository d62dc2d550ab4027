import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { DataAddresses } from '../../../src/text/data-addresses.ts'

function shortened(pieces: readonly string[]): string {
  const addresses = new DataAddresses()
  return pieces.map((piece) => addresses.push(piece)).join('') + addresses.rest()
}

it('shortens a file in an address, at any cut, and nothing else', () => {
  const start = '![a (cat)](data:image/png;charset=x;base64,'
  const rest = ') and <img src="data:image/gif,x"> (data: see `"da) as the words behind'
  const text = `${start}${'QUJD'.repeat(2_000)}${rest}`
  const expected = `${start}${'QUJD'.repeat(250)}${rest}`
  expect(shortened([text])).toBe(expected)
  expect(shortened(Array.from(text))).toBe(expected)
  fc.assert(
    fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 12 }), (places) => {
      const ends = [...places.toSorted((one, other) => one - other), text.length]
      expect(shortened(ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)))).toBe(expected)
    }),
    { numRuns: 100 },
  )
})
