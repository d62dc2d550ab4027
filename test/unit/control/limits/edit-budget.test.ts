import { expect, test } from 'vitest'
import type { Identity } from '../../../../src/control/auth/authenticate.ts'
import { EditBudget } from '../../../../src/control/limits/edit-budget.ts'

const MIB = 1_048_576

function identity(holder: string): Identity {
  return { kind: 'jwt', holder, scopes: ['config'], expiresAt: null, holds: () => true }
}

/** How many edits of a file of this length go through at once. */
function editsOf(budget: EditBudget, who: Identity, characters: number): number {
  for (let count = 0; ; count += 1) {
    try {
      budget.charge(who, characters)
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limited' })
      return count
    }
  }
}

test('edits cost by the length of the file, for each identity apart, and are allowed again with time', () => {
  let now = 0
  const budget = new EditBudget(() => new Date(now))
  const [one, other] = [identity('one'), identity('other')]
  expect(editsOf(budget, one, MIB)).toBe(40)
  expect(editsOf(budget, other, MIB / 2)).toBe(80)
  now += 3_000
  expect(editsOf(budget, one, MIB)).toBe(3)
  now += 60_000
  expect(editsOf(budget, one, 100)).toBeGreaterThan(5_000)
})

test('what costs more than everything is possible once, when nothing was edited for a while', () => {
  let now = 0
  const budget = new EditBudget(() => new Date(now))
  const one = identity('one')
  budget.charge(one, 100 * MIB)
  expect(() => budget.charge(one, 1)).toThrow(expect.objectContaining({ code: 'rate_limited' }) as Error)
  now += 40_000
  budget.charge(one, 100 * MIB)
})

test('remembers a bounded number of identities', () => {
  const budget = new EditBudget(() => new Date(0))
  budget.charge(identity('first'), 40 * MIB)
  for (let index = 0; index < 1_000; index += 1) budget.charge(identity(`${index}`), 1)
  expect(editsOf(budget, identity('first'), MIB)).toBe(40)
})
