import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mayWrite } from '../../../../../src/access/may-write.ts'
import type { AccountPolicy, GroupRule } from '../../../../../src/access/policy.ts'
import { withinLimits } from '../../../../../src/config/read/foreign/foreign-limits.ts'
import { identity } from '../../../../support/identity.ts'
import { resolve } from '../../edit-corpus.ts'

const NUMBERS = ['+15550000001', '+15550000002', '+15550000003']
const GROUPS = ['120363000000000001@g.us', '120363000000000002@g.us', '120363000000000003@g.us']

const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> => fc.subarray([...values])
const rule: fc.Arbitrary<GroupRule> = fc.record(
  { enabled: fc.boolean(), allowFrom: some(NUMBERS), requireMention: fc.boolean() },
  { requiredKeys: [] },
)
const policy: fc.Arbitrary<AccountPolicy> = fc.record({
  access: fc.oneof(
    fc.record({
      dmPolicy: fc.constantFrom('allowlist' as const, 'disabled' as const),
      allowFrom: some(NUMBERS),
    }),
    some(NUMBERS).map((list) => ({ dmPolicy: 'open' as const, allowFrom: ['*', ...list] })),
  ),
  groupAccess: fc.record(
    {
      groupPolicy: fc.constantFrom('allowlist' as const, 'open' as const, 'disabled' as const),
      groupAllowFrom: fc.option(some([...NUMBERS, ...GROUPS])),
      groups: fc.dictionary(fc.constantFrom('*', ...GROUPS), rule),
      unreadable: fc.record({ entries: fc.boolean(), rules: fc.boolean() }),
    },
    { requiredKeys: ['groupPolicy', 'groupAllowFrom', 'groups'] },
  ),
})
const limit = (values: readonly string[]): fc.Arbitrary<ReadonlySet<string> | null> =>
  fc.option(some(values).map((each) => new Set(each)))

// `allowedJids` and `allowedGroups` stand beside settings of ours that know nothing of them.
it('allows exactly what was allowed before and is within the limits', () => {
  fc.assert(
    fc.property(policy, limit(NUMBERS), limit(GROUPS), (before, numbers, groups) => {
      const after = withinLimits(before, { numbers, groups })
      for (const place of [null, ...GROUPS]) {
        for (const number of NUMBERS) {
          const sender = identity('1@lid', number)
          const isWithin = (numbers?.has(number) ?? true) && (place === null || (groups?.has(place) ?? true))
          expect(mayWrite(after, place, sender).allowed).toBe(
            mayWrite(before, place, sender).allowed && isWithin,
          )
        }
        // Somebody without a number is on no list.
        const unknown = mayWrite(after, place, identity('1@lid', null)).allowed
        if (numbers !== null || (place !== null && groups?.has(place) === false)) expect(unknown).toBe(false)
      }
    }),
    { numRuns: 2_000 },
  )
})

// A slip in the list lifted the limit on those whose address could have been meant.
it.each([
  ['alice', GROUPS[0]],
  ['${UNSET}', GROUPS[0]],
  ['alice', NUMBERS[0]],
])('an entry %s that is none counts as a person and as a group beside %s', (bad, good) => {
  const section = { allowFrom: NUMBERS, groups: { '*': {} }, allowedJids: [good, bad] }
  const account = resolve(JSON.stringify({ connectors: { whatsapp: section } })).accounts['default']
  const allowed = [null, ...GROUPS].flatMap((place) =>
    NUMBERS.filter(
      (number) => account !== undefined && mayWrite(account, place, identity('1@lid', number)).allowed,
    ).map((number) => [place, number]),
  )
  expect(allowed).toEqual(good === NUMBERS[0] ? [[null, good]] : [])
})
