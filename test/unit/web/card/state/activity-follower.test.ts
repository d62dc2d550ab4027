import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ActivityFollower } from '../../../../../src/web/card/state/activity-follower.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 10, 30, 21, 48) }))
afterEach(() => void vi.useRealTimers())

test('the counts of today are read again when the next days begin, until nobody follows', () => {
  const readAt: Date[] = []
  const follower = new ActivityFollower(() => readAt.push(new Date()))
  follower.follow('default')
  vi.advanceTimersByTime(1)
  expect(readAt).toHaveLength(1)
  vi.advanceTimersByTime(2.5 * 3_600_000)
  expect(readAt).toHaveLength(2)
  vi.advanceTimersByTime(24 * 3_600_000)
  expect(readAt).toHaveLength(3)
  follower.stop()
  vi.advanceTimersByTime(48 * 3_600_000)
  expect(readAt).toHaveLength(3)
  expect(vi.getTimerCount()).toBe(0)
})
