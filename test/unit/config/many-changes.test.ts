import { expect, test } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigDocument } from '../../../src/config/document/config-document.ts'
import type { SettingChange } from '../../../src/config/edit/edit-settings.ts'
import { planEdit } from '../../../src/config/edit/plan-edit.ts'
import { resolve } from './edit-corpus.ts'
import { expectLinearGrowth } from '../../support/grows-linearly.ts'

// One `config.update` read the file again for every value in it: 900 senders took 11 s of processor time, in which a daemon
// with a short file did nothing else, and one with a long file did not follow it.

const numbers = (count: number, area = 213): string[] =>
  Array.from({ length: count }, (_, index) => `+1${area}${2_000_000 + index}`)
const senders = (list: readonly string[], name = 'Person'): Record<string, { name: string }> =>
  Object.fromEntries(list.map((number, index) => [number, { name: `${name} ${index}` }]))
const fileOf = (channel: Record<string, unknown>): string =>
  JSON.stringify({ channels: { whatsapp: channel } }, null, 2)

const namesOf = (list: Record<string, { name: string | null }> = {}): [string, string | null][] =>
  Object.entries(list).map(([number, { name }]) => [number, name])

function update(text: string, changes: readonly SettingChange[]) {
  const plan = planEdit({
    edit: { edit: 'settings', request: { changes, confirmed: [] } },
    before: new ConfigDocument(text),
    revision: undefined,
    current: resolve(text),
    context: { directory: '/', env: {}, connectors: CONNECTORS },
  })
  return { text: plan?.after.text, account: plan?.config.accounts['default'] }
}

test('all senders are replaced, and comments kept', () =>
  expectLinearGrowth((count) => {
    const [kept, gone] = [numbers(count), numbers(0.75 * count, 214)]
    const commented = kept[0.625 * count]
    const text = fileOf({
      allowFrom: kept.slice(0, 2),
      senders: senders([...gone, ...kept], 'Before'),
    }).replace(`"${commented}": {`, `// the plumber\n"${commented}": {`)
    const after = update(text, [{ path: ['senders'], value: senders([...kept, ...numbers(count, 215)]) }])
    expect(namesOf(after.account?.senders)).toEqual(namesOf(senders([...kept, ...numbers(count, 215)])))
    expect(after.text).toContain('// the plumber\n')
  }, 400))

test('a hundred changes of a long file are made in their order', () =>
  expectLinearGrowth((count) => {
    const all = numbers(20 * count)
    const changed = all.slice(5 * count, 6 * count)
    const text = fileOf({ allowFrom: numbers(90 * count, 216), senders: senders(all, 'Before') })
    const changes = changed.map((number, index): SettingChange => {
      const key = `+1 213 ${number.slice(5)}`
      return index % 4 === 0
        ? { path: ['senders', key], unset: true }
        : { path: ['senders', key, 'name'], value: `P${index}` }
    })
    const after = update(text, [...changes, { path: ['senders', changed[1] ?? '', 'name'], value: 'last' }])
    const expected = senders(all, 'Before')
    for (const [index, number] of changed.entries()) {
      if (index % 4 === 0) delete expected[number]
      else expected[number] = { name: index === 1 ? 'last' : `P${index}` }
    }
    expect(namesOf(after.account?.senders)).toEqual(namesOf(expected))
  }, 100))

test('of many changes of a list, the last wish for each entry counts', () =>
  expectLinearGrowth((count) => {
    const list = numbers(94 * count, 216)
    const text = fileOf({ allowFrom: list, groupAllowFrom: numbers(3) })
    const changes = Array.from({ length: count }, (_, index): SettingChange => {
      const entries = [`+1217${2_000_000 + (index % (count / 3))}`]
      const path = [index % 2 === 0 ? 'allowFrom' : 'groupAllowFrom']
      return index < (count / 3) * 2 ? { path, add: entries } : { path, remove: entries }
    })
    const after = update(text, [...changes, { path: ['allowFrom'], remove: list.slice(0, 50) }])
    expect(after.account?.access.allowFrom).toEqual(list.slice(50))
    expect(after.account?.groupAccess.groupAllowFrom).toEqual(numbers(3))
  }, 96))

// Who was removed by `config.update` stayed allowed where the file had another form of the number.
test.each(['allowFrom', 'groupAllowFrom'])('%s loses a number in both of its forms', (key) => {
  for (const [written, removed] of [
    ['+5215512345678', '+525512345678'],
    ['+525512345678', '+5215512345678'],
    ['+551187654321', '+5511987654321'],
    ['22951234567', '+2290151234567'],
  ] as const) {
    const text = fileOf({ [key]: ['+12139999999', written] })
    const { account } = update(text, [{ path: [key], remove: [removed] }])
    const list = key === 'allowFrom' ? account?.access.allowFrom : account?.groupAccess.groupAllowFrom
    expect(list, `${written} by ${removed}`).toEqual(['+12139999999'])
  }
})
