import type { Language } from '../../../protocol/config/languages.ts'

/** A number with the separators of the language, in the digits 0 to 9, as in names of models and in times. */
export function writtenNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(`${language}-u-nu-latn`).format(value)
}
