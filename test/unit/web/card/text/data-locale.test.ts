import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dataLocale } from '../../../../../src/web/card/text/data-locale.ts'

const GERMAN = { Connected: 'Verbunden' }

test.each([
  ['English sentences on a page without a language', null, undefined, ['en-GB'], 'en-GB'],
  ['English sentences on an English page, in the customs of its reader', null, 'en', ['en-GB'], 'en-GB'],
  ['English sentences on an American page', null, 'en-US', ['en-GB'], 'en-US'],
  ['English sentences on an Arabic page', null, 'ar-EG', ['ar-EG', 'en-GB'], 'en-GB'],
  ['English sentences for a reader without English', null, 'de', ['de-DE'], 'en-DE'],
  ['English sentences, and nothing else known', null, undefined, [], 'en'],
  ['translated sentences on a page of that language', GERMAN, 'de', ['en-GB'], 'de'],
  ['translated sentences, with the region of the reader', GERMAN, 'de', ['en-GB', 'de-CH'], 'de-CH'],
  ['translated sentences on a page without a language', GERMAN, undefined, ['de-AT'], 'de-AT'],
  ['translated sentences that say their language', { ...GERMAN, lang: 'de' }, 'en', ['en-GB'], 'de-GB'],
  ['translated sentences whose language cannot be read', { ...GERMAN, lang: '!' }, 'de', [], 'de'],
  ['a writing is not changed by the region', GERMAN, 'zh-Hant', ['zh-CN'], 'zh-Hant'],
  ['a browser that names no language tag', null, undefined, ['C', 'en-US@posix'], 'en-US'],
])('%s', (_case, strings, page, preferred, locale) => {
  expect(dataLocale(strings, page, preferred)).toBe(locale)
})

test('it never throws, and Intl takes it', () => {
  const tag = fc.oneof(fc.string(), fc.constantFrom('en_US', 'de', 'x-y', 'i-klingon', 'root', 'und'))
  fc.assert(
    fc.property(fc.option(tag, { nil: undefined }), fc.array(tag), tag, (page, preferred, lang) => {
      const locale = dataLocale({ lang }, page, preferred)
      return new Intl.DisplayNames(locale, { type: 'region' }).of('DE') !== undefined
    }),
  )
})
