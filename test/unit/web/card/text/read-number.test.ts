import { expect, test } from 'vitest'
import { readNumber } from '../../../../../src/web/card/text/read-number.ts'
import { normalizePhoneNumber } from '../../../../../src/access/numbers/phone-number.ts'
import { NUMBERS_OF_COUNTRIES } from '../../../../support/numbers-of-countries.ts'

test.each([
  ['+15551234567', '+15551234567'],
  [' +1 (555) 123-4567 ', '+15551234567'],
  ['0049 151 12345678', '+4915112345678'],
  ['+44 7911 123456', '+447911123456'],
])('%j is %s', (typed, number) => {
  expect(readNumber(typed)).toEqual({ number })
})

test.each([
  ['', 'Enter a phone number.'],
  ['0151 12345678', 'Begin with + and the country code.'],
  ['5551234567', 'Begin with + and the country code.'],
  ['+1555', 'This number is too short.'],
  ['+1555123456789012', 'This number is too long.'],
  ['+999 123 4567', 'There is no such country code.'],
  ['*', 'A phone number is made of digits.'],
  ['+1 555 CALL NOW', 'A phone number is made of digits.'],
])('%j: %s', (typed, problem) => {
  expect(readNumber(typed)).toEqual({ problem })
})

test.each(NUMBERS_OF_COUNTRIES)('$reported reaches the daemon in every notation', ({ reported, written }) => {
  for (const notation of written.filter((text) => text !== reported.slice(1))) {
    const typed = readNumber(notation)
    const read = 'number' in typed ? normalizePhoneNumber(typed.number) : typed
    expect([notation, read]).toEqual([notation, { ok: true, e164: reported }])
  }
})
