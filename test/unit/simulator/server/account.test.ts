import { describe, expect, it } from 'vitest'
import { Account } from '../../../../src/simulator/server/account.ts'

const account = (addressing: Account['addressing']) =>
  new Account({ phoneNumber: '+15550000002', lidUser: '200000000000002', addressing })

describe('Account', () => {
  it.each([
    ['both', 'lid', 'lid', '15550000002@s.whatsapp.net'],
    ['both', 'pn', 'pn', '200000000000002@lid'],
    ['lid-only', 'pn', 'lid', undefined],
    ['phone-only', 'lid', 'pn', undefined],
  ] as const)(
    'a %s account asked for %s is seen as %s and tells %s',
    (addressing, wanted, mode, alternate) => {
      const subject = account(addressing)
      expect(subject.modeFor(wanted)).toBe(mode)
      expect(subject.alternateJid(mode)).toBe(alternate)
    },
  )

  it('never gives a device number that is taken, 0, or the one of hosted devices', () => {
    const subject = account('both')
    const given = Array.from({ length: 253 }, () => subject.nextDeviceId())
    expect(new Set(given).size).toBe(253)
    expect(given).not.toContain(0)
    expect(given).not.toContain(99)
    expect(subject.nextDeviceId()).toBe(1)
  })
})
