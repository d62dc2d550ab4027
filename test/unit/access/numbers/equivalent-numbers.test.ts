import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equivalentNumber } from '../../../../src/access/numbers/equivalent-numbers.ts'
import { normalizePhoneNumber } from '../../../../src/access/numbers/phone-number.ts'
import { NUMBERS_OF_COUNTRIES } from '../../../support/numbers-of-countries.ts'

describe('the other form of a number', () => {
  it.each([
    ['+5215512345678', '+525512345678'],
    ['+5511987654321', '+551187654321'],
    ['+5561912345678', null],
    ['+551132345678', null],
    ['+5491123456789', '+541123456789'],
    ['+2290161234567', '+22961234567'],
    ['+2250102345678', '+22502345678'],
    ['+2250544345678', '+22544345678'],
    ['+2250797345678', '+22597345678'],
    // The prefix of another operator names another subscriber.
    ['+2250702345678', null],
    ['+22520345678', null],
    ['+15555550101', null],
    ['+4915123456789', null],
  ])('of %s is %s', (one, other) => {
    expect(equivalentNumber(one)).toBe(other)
    if (other !== null) expect(equivalentNumber(other)).toBe(one)
  })

  it('of the other form is the number itself, and each of both can be allowed', () => {
    const start = fc.constantFrom(
      '+52',
      '+521',
      '+55',
      '+559',
      '+54',
      '+549',
      '+229',
      '+22901',
      '+225',
      '+22507',
    )
    fc.assert(
      fc.property(start, fc.stringMatching(/^\d{7,11}$/), (prefix, rest) => {
        const one = `${prefix}${rest}`
        const other = equivalentNumber(one)
        if (other === null) return
        expect(equivalentNumber(other)).toBe(one)
        expect(normalizePhoneNumber(other)).toEqual({ ok: true, e164: other })
        expect(normalizePhoneNumber(one)).toEqual({ ok: true, e164: one })
      }),
      { numRuns: 2_000 },
    )
  })

  it('is there for five countries alone', () => {
    const others = NUMBERS_OF_COUNTRIES.filter(({ reported }) => equivalentNumber(reported) !== null)
    expect(others.map(({ reported }) => reported.replace(/\d{8}$/, ''))).toHaveLength(10)
    expect(others.every(({ reported }) => /^\+(52|55|54|229|225)/.test(reported))).toBe(true)
  })
})
