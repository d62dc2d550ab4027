import { expect, it } from 'vitest'
import { figuresOf, GROUPS, groupsOf } from '../../bench/groups/groups.ts'
import { BUDGETS } from '../../bench/report/budgets.ts'

/** What is not in the table: `--stalls` and `--long-list` measure these. */
const ELSEWHERE = ['largeConnected', 'longestStall', 'retentionStall', 'subscribeStall', 'longAllowlistEdit']

it('every figure with a budget is measured', () => {
  const measured = new Set([...Object.keys(figuresOf(GROUPS)), ...ELSEWHERE])
  expect(Object.keys(BUDGETS).filter((name) => !measured.has(name))).toEqual([])
})

it('no two groups measure a figure of the same name', () => {
  const names = Object.values(GROUPS).flatMap(({ figures }) => Object.keys(figures))
  expect(names).toEqual([...new Set(names)])
})

it('groups are chosen by name, in their own order, and an unknown one is refused', () => {
  expect(Object.keys(groupsOf('load,start'))).toEqual(['start', 'load'])
  expect(Object.keys(groupsOf('all'))).toEqual(Object.keys(GROUPS))
  expect(() => groupsOf('lode')).toThrow('no group "lode"')
})
