import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizePhoneNumber, type PhoneNumberProblem } from '../../../../src/access/numbers/phone-number.ts'

const nationalDigits = fc.stringMatching(/^[2-9]\d{2}[2-9]\d{6}$/)
const separator = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u2013', '/')

describe('normalizePhoneNumber', () => {
  it.each<[string | number, string]>([
    ['+15551234567', '+15551234567'],
    ['15555550101', '+15555550101'],
    [15555550101, '+15555550101'],
    ['+1 (555) 555-0101', '+15555550101'],
    ['1 (555) 555-0101', '+15555550101'],
    ['+１５５５５５５０１０１', '+15555550101'],
    ['  +1-555-555-0101\t', '+15555550101'],
    ['+44 (0) 20 7946 0958', '+442079460958'],
    ['+39 06 1234567', '+39061234567'],
    ['+55 11 91234-5678', '+5511912345678'],
    ['+55 11 1234-5678', '+551112345678'],
  ])('reads %j as %s', (value, e164) => {
    expect(normalizePhoneNumber(value)).toEqual({ ok: true, e164 })
  })

  it.each<[string | number, PhoneNumberProblem]>([
    ['+1555', 'too_short'],
    ['+12', 'too_short'],
    ['+1555555010101010101', 'too_long'],
    ['+52155123456789', 'too_long'],
    ['+2296123456', 'too_short'],
    ['+999123456789', 'invalid_country'],
    ['049 89 12345678', 'invalid_country'],
    ['000 49 89 12345678', 'invalid_country'],
    ['(555) 555-0101', 'invalid_country'],
    ['', 'not_a_number'],
    ['+', 'not_a_number'],
    ['*', 'not_a_number'],
    ['abc', 'not_a_number'],
    ['+1-800-FLOWERS', 'not_a_number'],
    ['+1555555O101', 'not_a_number'],
    ['+15555550101 ext. 5', 'not_a_number'],
    ['+15555550101;ext=5', 'not_a_number'],
    ['call +15555550101', 'not_a_number'],
    ['+15555550101, +15555550102', 'not_a_number'],
    ['+15555550101\n+15555550102', 'not_a_number'],
    ['15555550101@s.whatsapp.net', 'not_a_number'],
    ['123456789012345@lid', 'not_a_number'],
    [0, 'not_a_number'],
    [-15555550101, 'not_a_number'],
    [15555550101.5, 'not_a_number'],
    [Number.NaN, 'not_a_number'],
    [Number.POSITIVE_INFINITY, 'not_a_number'],
    [2 ** 60, 'not_a_number'],
    ['+1' + ' '.repeat(1000) + '5555550101', 'not_a_number'],
  ])('refuses %j as %s', (value, code) => {
    expect(normalizePhoneNumber(value)).toMatchObject({ ok: false, code })
  })

  it('reads one number the same in every notation, and its own result unchanged', () => {
    fc.assert(
      fc.property(nationalDigits, separator, separator, fc.boolean(), (digits, first, second, plus) => {
        const written = `${plus ? '+' : ''}1${first}${digits.slice(0, 3)}${second}${digits.slice(3)}`
        expect(normalizePhoneNumber(written)).toEqual({ ok: true, e164: `+1${digits}` })
        expect(normalizePhoneNumber(`+1${digits}`)).toEqual({ ok: true, e164: `+1${digits}` })
        expect(normalizePhoneNumber(Number(`1${digits}`))).toEqual({ ok: true, e164: `+1${digits}` })
      }),
    )
  })

  it('answers anything at all with E.164 or a code, and E.164 is stable', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.stringMatching(/^\+?[\d ()-]*$/)),
        (value) => {
          const first = normalizePhoneNumber(value)
          if (!first.ok) return
          expect(first.e164).toMatch(/^\+[1-9]\d{4,16}$/)
          expect(normalizePhoneNumber(first.e164)).toEqual(first)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
