import { expect, it } from 'vitest'
import {
  addressOfIdEntry,
  idEntriesOf,
  idsOfEntry,
  isIdEntry,
  readIdEntry,
} from '../../../../src/access/numbers/id-entry.ts'

it.each([
  ['lid:77', 'lid:77'],
  [' LID: 77', 'lid:77'],
  ['77@lid', 'lid:77'],
  ['bsuid:AT.98aZ', 'bsuid:AT.98aZ'],
  ['  BSUID: AT.ENT.98aZ ', 'bsuid:AT.ENT.98aZ'],
  [`bsuid:AT.${'a'.repeat(128)}`, `bsuid:AT.${'a'.repeat(128)}`],
  [`bsuid:AT.${'a'.repeat(129)}`, null],
  ['bsuid:at.98aZ', null],
  ['bsuid:AT.ent.98aZ', null],
  ['bsuid:AT.98 aZ', null],
  ['bsuid:', null],
  ['bsuid:@alice', null],
  ['AT.98aZ', null],
  ['@alice', null],
  [77, null],
])('%j names a person as %j', (written, entry) => {
  expect(readIdEntry(written)).toBe(entry)
  if (entry !== null) expect(isIdEntry(entry)).toBe(true)
})

it('finds the address of an id, and the ids of a person', () => {
  expect(addressOfIdEntry('lid:77')).toBe('77@lid')
  expect(addressOfIdEntry('bsuid:AT.98aZ')).toBe('bsuid:AT.98aZ')
  expect(addressOfIdEntry('+15550001111')).toBe(null)
  const ids = { ...idsOfEntry('lid:77'), ...idsOfEntry('bsuid:AT.1') }
  expect(idEntriesOf(ids)).toEqual(['lid:77', 'bsuid:AT.1'])
})
