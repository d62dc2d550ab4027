import { expect, it } from 'vitest'
import { historyLimit } from '../../../../src/conversations/history/history-limit.ts'

const GROUP = '120363000000000001@g.us'
const config = {
  historyLimit: 50,
  dmHistoryLimit: 40,
  dms: { '+15550001111': 0, '9000000000001@lid': 3 },
  groupAccess: {
    groupPolicy: 'allowlist' as const,
    groupAllowFrom: null,
    groups: { [GROUP]: { historyLimit: 5 } },
  },
}
const direct = (name: string) => ({ kind: 'direct' as const, name })
const group = (name: string) => ({ kind: 'group' as const, name })

it('is that of the person or the group, then that of all', () => {
  expect(historyLimit(direct('+15550001111'), config)).toBe(0)
  expect(historyLimit(direct('9000000000001@lid'), config)).toBe(3)
  expect(historyLimit(direct('+15550002222'), config)).toBe(40)
  expect(historyLimit(direct('+15550002222'), { ...config, dms: { '*': 9 } })).toBe(9)
  expect(historyLimit(group(GROUP), config)).toBe(5)
  expect(historyLimit(group('120363000000000002@g.us'), config)).toBe(50)
})
