import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDeadline } from '../../../src/timing/deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new Promise<string>(() => {})

describe('a deadline', () => {
  it('gives the result of work that is done in time, and leaves no timer', async () => {
    await expect(withDeadline(Promise.resolve('done'), 1_000, () => 'late')).resolves.toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes on the error of work that fails in time, and leaves no timer', async () => {
    const failure = new Error('failed')
    await expect(withDeadline(Promise.reject(failure), 1_000, () => 'late')).rejects.toBe(failure)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('answers for work that takes longer, not a moment earlier', async () => {
    const answer = vi.fn()
    const waiting = withDeadline(never, 1_000, () => 'late').then(answer)
    await vi.advanceTimersByTimeAsync(999)
    expect(answer).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(answer).toHaveBeenCalledExactlyOnceWith('late')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('throws what the answer for late work throws', async () => {
    const outcome = withDeadline(never, 1_000, () => {
      throw new Error('took too long')
    })
    const refused = expect(outcome).rejects.toThrow('took too long')
    await vi.advanceTimersByTimeAsync(1_000)
    await refused
  })

  it('does not ask for that answer when the work was done in time', async () => {
    const late = vi.fn()
    await withDeadline(Promise.resolve(), 1_000, late)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(late).not.toHaveBeenCalled()
  })

  it('ignores work that fails after its time', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    let fail: (error: Error) => void = () => {}
    const work = new Promise<string>((_resolve, reject) => (fail = reject))
    const waiting = withDeadline(work, 1_000, () => 'late')
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(waiting).resolves.toBe('late')
    fail(new Error('too late'))
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
