import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { msUntilNextChange, WindowClock } from '../../../../../src/web/conversations/state/window-clock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOON = new Date(2026, 2, 3, 12, 0)

beforeEach(() => {
  vi.useFakeTimers({ now: NOON })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each<[number, number | null, string]>([
  [20 * HOUR_MS, 12 * HOUR_MS, 'at midnight, when the end is today'],
  [5 * HOUR_MS, 4 * HOUR_MS, 'when the last hour begins'],
  [HOUR_MS, MINUTE_MS, 'at the next minute'],
  [10.5 * MINUTE_MS, 0.5 * MINUTE_MS, 'when the minute that has begun is over'],
  [1, 1, 'at the end'],
  [0, null, 'never again'],
  [-HOUR_MS, null, 'never again'],
])('with %i ms left it is shown otherwise after %s ms: %s', (leftMs, expected) => {
  expect(msUntilNextChange(leftMs, NOON)).toBe(expected)
})

test('a window of a day wakes once an hour before its end, then each minute, and never after it', () => {
  const until = NOON.getTime() + 11 * HOUR_MS
  const wakes: number[] = []
  const clock = new WindowClock(
    () => {
      wakes.push(Math.floor((until - Date.now()) / MINUTE_MS))
      clock.hostUpdated()
    },
    () => until - Date.now(),
  )
  clock.hostUpdated()
  vi.advanceTimersByTime(10 * HOUR_MS - 1)
  expect(wakes).toEqual([])
  vi.advanceTimersByTime(2 * HOUR_MS)
  expect(wakes.length).toBe(61)
  expect(new Set(wakes).size).toBe(61)
  expect(vi.getTimerCount()).toBe(0)
})

test('no timer runs where no end is shown, and none is left by an element that is gone', () => {
  let leftMs: number | null = null
  const clock = new WindowClock(
    () => {},
    () => leftMs,
  )
  clock.hostUpdated()
  expect(vi.getTimerCount()).toBe(0)
  leftMs = HOUR_MS
  clock.hostUpdated()
  clock.hostUpdated()
  expect(vi.getTimerCount()).toBe(1)
  clock.hostDisconnected()
  expect(vi.getTimerCount()).toBe(0)
})
