import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesFilter, mergeNumbers } from '../../../../../src/web/card/state/number-list.ts'

test('both additions and both removals hold', () => {
  expect(mergeNumbers(['a', 'b', 'c'], ['a', 'c', 'mine'], ['b', 'c', 'theirs'])).toEqual([
    'c',
    'theirs',
    'mine',
  ])
})

test('nobody is allowed whom one side took off or neither side has', () => {
  const list = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'))
  fc.assert(
    fc.property(list, list, list, (base, mine, theirs) => {
      const merged = mergeNumbers(base, mine, theirs)
      expect(new Set(merged).size).toBe(merged.length)
      for (const number of merged) {
        expect(mine.includes(number) || theirs.includes(number)).toBe(true)
        if (base.includes(number)) expect([mine, theirs].every((side) => side.includes(number))).toBe(true)
      }
      const wanted = [...mine, ...theirs].filter((number) => !base.includes(number))
      expect(merged).toEqual(expect.arrayContaining(wanted))
    }),
  )
})

test.each([
  ['15555550101', true],
  ['+1 (555) 555-0101', true],
  ['555.0101', true],
  ['001555', true],
  ['ALI', true],
  ['states', true],
  ['', true],
  ['0102', false],
  ['bob', false],
  ['-', false],
])('the filter %j finds Alice of the United States: %s', (filter, expected) => {
  expect(matchesFilter(filter, '+15555550101', 'Alice', () => 'United States / Canada')).toBe(expected)
})
