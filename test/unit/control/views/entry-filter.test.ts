import { expect, test } from 'vitest'
import { entryFilter } from '../../../../src/control/views/entry-filter.ts'
import { resolve } from '../../config/edit-corpus.ts'

const FILE =
  "{ channels: { whatsapp: { senders: { '+15555550101': { name: 'Zoë' }, '+15555550102': { name: '${WHO}' } } } } }"
const account = resolve(FILE, { WHO: 'Hidden' }).accounts['default']
if (account === undefined) throw new Error('every file has this account')

const find = (filter: string): string[] =>
  ['+15555550101', '+15555550102', '120363000000000000@g.us'].filter(
    entryFilter(account, filter) ?? (() => true),
  )

test.each([
  ['0101', ['+15555550101']],
  ['+1 (555) 555-0101', ['+15555550101']],
  ['001 555.555.0102', ['+15555550102']],
  ['ZOË', ['+15555550101']],
  ['@g.us', ['120363000000000000@g.us']],
  ['nobody', []],
  ['-', []],
])('%j finds %j', (filter, found) => {
  expect(find(filter)).toEqual(found)
})

test('nothing to look for is no filter', () => {
  expect(entryFilter(account, '  ')).toBeNull()
})

test("a name is searched as the file writes it: what a variable holds is its owner's", () => {
  expect(find('hidden')).toEqual([])
  expect(find('${who}')).toEqual(['+15555550102'])
})
