import { expect, test } from 'vitest'
import { groupPairingCode, spellPairingCode } from '../../../../../src/web/card/text/pairing-code.ts'

test('a pairing code is grouped as the phone groups it, and spelled for screen readers', () => {
  expect(groupPairingCode('ABCD1234')).toBe('ABCD-1234')
  expect(spellPairingCode('AB12')).toBe('A B 1 2')
})
