import { expect, it } from 'vitest'
import { ReachoutLock } from '../../../../../src/transports/linked-device/outbound/reachout-lock.ts'
import { TtlCache } from '../../../../../src/transports/linked-device/signal/ttl-cache.ts'

const TO = '100@lid'

it('refuses those who gave no token, and those whose token did not help, until they give another or the lock ends', () => {
  const lock = new ReachoutLock({
    stored: new TtlCache({ limit: 1, ttlMs: 1_000, now: () => 0 }),
    socket: () => null,
    changed: () => undefined,
    now: () => 0,
  })
  expect(lock.isRefused(TO, null)).toBe(false)
  lock.take({ until: null })
  expect(lock.isRefused(TO, null)).toBe(true)
  expect(lock.isRefused(TO, '5')).toBe(false)
  lock.refused(TO, null)
  expect(lock.isRefused(TO, '5')).toBe(false)
  lock.refused(TO, '5')
  expect(lock.isRefused(TO, '5')).toBe(true)
  expect(lock.isRefused(TO, '6')).toBe(false)
  lock.take(null)
  expect(lock.isRefused(TO, '5')).toBe(false)
  lock.stop()
})
