import { getCountries, getCountryCallingCode } from 'libphonenumber-js'
import { expect, test } from 'vitest'
import { countryOf, regionsOf } from '../../../../../src/web/card/text/countries.ts'

/** Codes that several regions share: the main one stands for all. */
const MAIN = new Map(
  Object.entries({
    39: 'IT',
    44: 'GB',
    47: 'NO',
    61: 'AU',
    212: 'MA',
    262: 'RE',
    290: 'SH',
    358: 'FI',
    590: 'GP',
    599: 'CW',
  }),
)

test('every calling code has its region', () => {
  const wrong = getCountries().filter((country) => {
    const code = getCountryCallingCode(country)
    const expected = MAIN.get(code) ?? (code === '1' ? 'USCA' : code === '7' ? 'RUKZ' : country)
    return regionsOf(`+${code}1234567`) !== expected
  })
  expect(wrong).toEqual([])
})

test('a code that nobody has is no country', () => {
  expect(['', '+', '+4', '+999123', '+210', '0151', '49151'].map(regionsOf).join('')).toBe('')
})

test('names are in the language of the reader', () => {
  expect(countryOf('+4915112345678', 'de')).toBe('Deutschland')
  expect(countryOf('+15551234567', 'en')).toBe('United States / Canada')
})
