import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLanguageTag } from '../../../../../src/web/elements/language/language-tag.ts'

test.each([
  ['de', 'de'],
  ['DE-at', 'de-AT'],
  ['en_US', 'en-US'],
  ['pt_BR.UTF-8', 'pt-BR'],
  ['sr_RS@latin', 'sr-RS'],
  [' fr ', 'fr'],
  ['de-DE-!', 'de-DE'],
  ['zh_Hant_TW', 'zh-Hant-TW'],
  ['C', undefined],
  ['', undefined],
  ['*', undefined],
  [null, undefined],
  [7, undefined],
])('%j is read as %s', (tag, read) => {
  expect(readLanguageTag(tag)).toBe(read)
})

test('what is read is accepted by Intl, whatever a page writes', () => {
  const subtag = fc.stringMatching(/^[a-zA-Z0-9]{1,9}$/)
  const tags = fc.oneof(
    fc.string(),
    fc.array(subtag, { maxLength: 12 }).map((subtags) => subtags.join('_')),
  )
  fc.assert(
    fc.property(tags, (tag) => {
      const read = readLanguageTag(tag)
      return read === undefined || new Date(0).toLocaleString(read) !== ''
    }),
  )
})
