import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ScheduledWork } from '../../../src/timing/scheduled-work.ts'

let runs = 0
let work: ScheduledWork
beforeEach(() => {
  vi.useFakeTimers()
  runs = 0
  work = new ScheduledWork(() => (runs += 1))
})
afterEach(() => vi.useRealTimers())

it('runs once for many requests, and never within the caller', () => {
  work.start()
  work.request()
  work.request()
  expect(runs).toBe(0)
  vi.advanceTimersByTime(0)
  expect(runs).toBe(1)
  work.request()
  vi.advanceTimersByTime(0)
  expect(runs).toBe(2)
})

it('rests after a failure, whoever asks, and runs by itself afterwards', () => {
  work.start()
  // Asked for before the failure.
  work.restFor(1_000)
  work.request()
  work.restFor(5_000)
  vi.advanceTimersByTime(999)
  expect(runs).toBe(0)
  vi.advanceTimersByTime(2)
  expect(runs).toBe(1)
})

it('runs neither before it is started nor after it is stopped', () => {
  work.request()
  work.restFor(1)
  vi.advanceTimersByTime(10)
  work.start()
  work.restFor(1)
  work.stop()
  work.stop()
  work.request()
  vi.advanceTimersByTime(10)
  expect(runs).toBe(0)
  work.start()
  vi.advanceTimersByTime(0)
  expect(runs).toBe(1)
})
