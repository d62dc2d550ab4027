import { expect, it } from 'vitest'
import { historyLimit } from '../../../../src/conversations/history/history-limit.ts'
import { identity } from '../../../support/identity.ts'

const GROUP = '120363000000000001@g.us'
const config = {
  historyLimit: 50,
  dmHistoryLimit: 40,
  dms: { '+15550001111': 0, 'lid:9000000000001': 3 },
  groupAccess: {
    groupPolicy: 'allowlist' as const,
    groupAllowFrom: null,
    groups: { [GROUP]: { historyLimit: 5 } },
  },
}
const LID = { lid: { value: '9000000000001', proof: 'address' } } as const
const direct = (number: string | null, parts = {}, more = {}): number =>
  historyLimit(
    { kind: 'direct', name: number ?? '9000000000001@lid' },
    identity('9000000000001@lid', number, parts),
    {
      ...config,
      ...more,
    },
  )
const group = (name: string): number =>
  historyLimit({ kind: 'group', name }, identity('9000000000001@lid', null, LID), config)

it('is that of the person or the group, then that of all', () => {
  expect(direct('+15550001111', LID)).toBe(0)
  expect(direct('+15550002222')).toBe(40)
  expect(direct('+15550002222', {}, { dms: { '*': 9 } })).toBe(9)
  expect(group(GROUP)).toBe(5)
  expect(group('120363000000000002@g.us')).toBe(50)
})

it('counts under the id of a person, also once their number is known', () => {
  expect(direct(null, LID)).toBe(3)
  expect(direct('+15550002222', LID)).toBe(3)
})
