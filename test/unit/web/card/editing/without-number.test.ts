import { expect, test } from 'vitest'
import { withoutNumber } from '../../../../../src/web/card/editing/without-number.ts'

const draft = {
  account: 'default',
  base: ['a', 'b'],
  numbers: ['a', 'b'],
  revision: 'r1',
  isMerged: false,
  removed: null,
  names: { a: 'Alice', b: 'Bob' },
}

test('the name that was typed for a removed number is not written', () => {
  expect(withoutNumber(draft, 'a')).toEqual({ ...draft, numbers: ['b'], names: { b: 'Bob' } })
})

test('of a long list, a number that is not shown is removed once', () => {
  const long = { ...draft, removed: ['c'] }
  expect(withoutNumber(long, 'c')).toEqual(long)
  expect(withoutNumber(long, 'd').removed).toEqual(['c', 'd'])
  expect(withoutNumber(long, 'b')).toEqual({ ...long, numbers: ['a'], names: { a: 'Alice' } })
})
