import { describe, expect, it } from 'vitest'
import { normalizePhoneNumber } from '../../../src/access/numbers/phone-number.ts'
import { NUMBERS_OF_COUNTRIES } from '../../support/numbers-of-countries.ts'

/**
 * Somebody in Mexico or Benin wrote, was shown as a blocked sender, and could not be allowed: the number that WhatsApp itself
 * had reported was called impossible.
 */
describe('a number of any country', () => {
  it('comes from more than sixty of them', () => {
    expect(NUMBERS_OF_COUNTRIES.length).toBeGreaterThan(65)
  })

  it.each(NUMBERS_OF_COUNTRIES)('$reported is the same in every notation', ({ reported, written }) => {
    for (const notation of written)
      expect([notation, normalizePhoneNumber(notation)]).toEqual([notation, { ok: true, e164: reported }])
    expect(normalizePhoneNumber(Number(reported.slice(1)))).toEqual({ ok: true, e164: reported })
  })
})
