import { expect, it } from 'vitest'
import { restoreState, saveState } from '../../../src/simulator/saved-state.ts'
import { Simulator } from '../../../src/simulator/simulator.ts'

it('keeps the passkeys of the phones, and reads what was kept before there were any', () => {
  const before = new Simulator()
  const passkey = before.createPhone({ phoneNumber: '+15550000001', name: 'Owner' }).passkeys.create()
  const after = new Simulator()
  restoreState(after, saveState(before))
  expect(after.phone('+15550000001')?.passkeys.all.map(({ record }) => record)).toEqual([passkey.record])

  const old = saveState(before).replace(/"passkeys":\[[^\]]*\],/, '')
  expect(old).not.toContain('passkeys')
  const restored = new Simulator()
  restoreState(restored, old)
  expect(restored.phone('+15550000001')?.passkeys.all).toEqual([])
})
