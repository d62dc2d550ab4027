import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Recording } from '../../../../src/simulator/phones/recording.ts'

describe('Recording', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('finds what is there already, and what comes', async () => {
    const recording = new Recording<number>()
    recording.add(1)
    expect(await recording.waitFor((item) => item === 1, 'one')).toBe(1)
    const two = recording.waitFor((item) => item === 2, 'two')
    recording.add(3)
    recording.add(2)
    expect(await two).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says what did not come', async () => {
    const recording = new Recording<number>()
    recording.add(7)
    const outcome = expect(recording.waitFor(() => false, 'answer', 500)).rejects.toThrow(
      'no answer within 500 ms; 1 recorded',
    )
    await vi.advanceTimersByTimeAsync(500)
    await outcome
  })

  it('ends its waits when it stops, and leaves no timer', async () => {
    const recording = new Recording<number>()
    const outcome = expect(recording.waitFor(() => false, 'answer')).rejects.toThrow('stopped')
    recording.stop()
    await outcome
    expect(vi.getTimerCount()).toBe(0)
  })

  it('drops the oldest beyond its limit', () => {
    const recording = new Recording<number>(100)
    for (let item = 0; item < 1000; item++) recording.add(item)
    expect(recording.items.length).toBeLessThanOrEqual(100)
    expect(recording.items.at(-1)).toBe(999)
  })
})
