import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DelayLine } from '../../../../src/simulator/wire/delay-line.ts'

describe('DelayLine', () => {
  let delayMs = 0
  let done: string[] = []
  let line: DelayLine

  beforeEach(() => {
    vi.useFakeTimers()
    delayMs = 0
    done = []
    line = new DelayLine(() => delayMs)
  })
  afterEach(() => void vi.useRealTimers())

  const add = (name: string) => line.run(() => void done.push(name))

  it('runs at once without a delay', () => {
    add('a')
    expect(done).toEqual(['a'])
  })

  it('keeps the order when the delay shrinks', () => {
    delayMs = 100
    add('a')
    delayMs = 0
    add('b')
    expect(done).toEqual([])
    vi.advanceTimersByTime(100)
    expect(done).toEqual(['a', 'b'])
    add('c')
    expect(done).toEqual(['a', 'b', 'c'])
  })

  it('drops what is left when it stops', () => {
    delayMs = 100
    add('a')
    line.stop()
    vi.advanceTimersByTime(1000)
    expect(done).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
