import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AllowFromEdit, allowFromEdit } from '../../../src/config/edit/edit-allow-from.ts'
import { createAccountEdit } from '../../../src/config/edit/edit-accounts.ts'
import { applied, CORPUS, resolve } from './edit-corpus.ts'

/**
 * An edit of one account's list once changed the list at the root, by which the others lived too: allowing a number at
 * one account let it write to all of them.
 */
function apply(text: string, edit: AllowFromEdit): string {
  const allowFrom = allowFromEdit(edit)
  const before = resolve(text)
  const after = applied(allowFrom, text, before)
  if (after !== text) allowFrom.check(before, resolve(after))
  return after
}

const file = (channel: string): string => `{ channels: { whatsapp: { ${channel} } } }\n`
const allowed = (text: string, account: string): readonly string[] =>
  resolve(text).accounts[account]?.access.allowFrom ?? []

const SHARED = file(
  "allowFrom: ['+15555550101', 15555550102], accounts: { home: {}, work: { name: 'Work' } }",
)

describe.each(CORPUS)('$name', ({ text }) => {
  const several = ['second', 'third'].reduce((each, id) => applied(createAccountEdit(id, null), each), text)
  const accounts = Object.keys(resolve(several).accounts)
  const number = fc.integer({ min: 101, max: 108 }).map((digits) => `+15555550${digits}`)
  const edit = fc.record({
    kind: fc.constantFrom('add' as const, 'remove' as const, 'set' as const),
    account: fc.constantFrom(...accounts),
    numbers: fc.uniqueArray(number, { maxLength: 3 }),
  })

  it('changes for the account that is named, and for no other', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let last = several
        for (const each of edits) {
          const before = resolve(last).accounts
          last = apply(last, each)
          const after = resolve(last).accounts
          for (const id of accounts) if (id !== each.account) expect(after[id]).toEqual(before[id])
          const named = new Set(each.numbers)
          const list = before[each.account]?.access.allowFrom ?? []
          const wanted = {
            add: new Set([...list, ...named]),
            remove: new Set(list.filter((entry) => !named.has(entry))),
            set: named,
          }[each.kind]
          expect(new Set(after[each.account]?.access.allowFrom)).toEqual(wanted)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the list of one of several accounts', () => {
  it('begins with what stands at the root, which stays as it is', () => {
    const text = apply(SHARED, { kind: 'add', account: 'work', numbers: ['+15555550103'] })
    expect(text).toBe(
      file(
        "allowFrom: ['+15555550101', 15555550102], accounts: { home: {}, work: { name: 'Work', allowFrom: ['+15555550101', 15555550102, '+15555550103'] } }",
      ),
    )
  })

  it('is not written for an edit that changes nothing', () => {
    for (const [kind, numbers] of [
      ['add', ['+15555550101']],
      ['remove', ['+15555550109']],
      ['set', ['+15555550102', '+15555550101']],
    ] as const)
      expect(apply(SHARED, { kind, account: 'work', numbers })).toBe(SHARED)
  })

  it('may come to be empty, whoever stands at the root', () => {
    const text = apply(SHARED, { kind: 'set', account: 'work', numbers: [] })
    expect([allowed(text, 'work'), allowed(text, 'home')]).toEqual([[], ['+15555550101', '+15555550102']])
  })

  it('is the one at the root where no other account lives by that, named or not', () => {
    for (const channel of [
      "accounts: { home: {}, work: { allowFrom: [] } }, allowFrom: ['+15555550101']",
      "allowFrom: ['+15555550101']",
      "allowFrom: ['+15555550101'], accounts: { home: {} }",
    ]) {
      const [account = ''] = Object.keys(resolve(file(channel)).accounts)
      const text = apply(file(channel), { kind: 'add', account, numbers: ['+15555550102'] })
      expect(text).toBe(file(channel.replace("'+15555550101'", "'+15555550101', '+15555550102'")))
    }
  })
})
