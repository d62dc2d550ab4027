import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupNumber } from '../../../../../src/web/card/text/group-number.ts'

test.each([
  ['+15551234567', '+1 555 123 4567'],
  ['+4915112345678', '+49 151 123 456 78'],
  ['+971501234567', '+971 501 234 567'],
  ['+79161234567', '+7 916 123 4567'],
  ['+35312345678', '+353 123 456 78'],
  ['+6421123456', '+64 211 234 56'],
])('%s is read as %s', (number, groups) => {
  expect(groupNumber(number).join(' ')).toBe(groups)
})

test('the groups together are the number, whatever it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+[1-9]\d{4,16}$/), (number) => {
      const groups = groupNumber(number)
      expect(groups.join('')).toBe(number)
      expect(groups.slice(1).every(({ length }) => length >= 2 && length <= 4)).toBe(true)
    }),
  )
  expect(groupNumber('not a number')).toEqual(['not a number'])
})
