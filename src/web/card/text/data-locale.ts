import { readLanguageTag } from '../../elements/language/language-tag.ts'
import { replacement } from '../../elements/language/words.ts'
import type { CardStrings } from './card-texts.ts'

/**
 * The locale for countries, dates and numbers: the language of the sentences around them, with the customs of the region that the page
 * or the person names, such as `en-GB`. Sentences are English, or those of `strings`, which are in the language that `strings.lang` names,
 * else in that of the page. `page` is BCP 47, or `undefined` where the page names none; `preferred` is `navigator.languages`.
 */
export function dataLocale(
  strings: CardStrings | null,
  page: string | undefined,
  preferred: readonly string[],
): string {
  const candidates = [page, ...preferred].flatMap((tag) => {
    const read = readLanguageTag(tag)
    return read === undefined ? [] : [new Intl.Locale(read)]
  })
  const ofStrings = strings === null ? 'en' : readLanguageTag(replacement(strings, 'lang'))
  const spoken = ofStrings === undefined ? candidates[0] : new Intl.Locale(ofStrings)
  if (spoken === undefined) return 'en'
  if (spoken.region !== undefined) return spoken.toString()
  const withRegion = (locales: Intl.Locale[]): Intl.Locale | undefined =>
    locales.find(({ region }) => region !== undefined) ?? locales[0]
  const same = candidates.filter((each) => writingOf(each) === writingOf(spoken))
  const { region } = withRegion(same) ?? withRegion(candidates)?.maximize() ?? spoken
  return region === undefined ? spoken.toString() : new Intl.Locale(spoken, { region }).toString()
}

/** Chinese has two writings, and Serbian: the language alone does not name one. */
function writingOf(locale: Intl.Locale): string {
  const { language, script } = locale.maximize()
  return `${language}-${script}`
}
