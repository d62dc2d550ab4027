import { describe, expect, it, vi } from 'vitest'
import { problemOfCode } from '../../../../../src/transports/cloud-api/graph/graph-problem.ts'
import { SendPauses } from '../../../../../src/transports/cloud-api/outbound/send-pauses.ts'
import { useFakeClock } from '../../../conversations/fake-clock.ts'

const ANNA = 'bsuid:AT.1'
const BEN = 'wa:43660000002'

function pauses(perSecond = 80): { pauses: SendPauses; changes: () => number } {
  useFakeClock()
  vi.setSystemTime(Date.UTC(2026, 10, 30))
  let changes = 0
  const made = new SendPauses({
    perSecond: () => perSecond,
    changed: () => void (changes += 1),
    now: Date.now,
  })
  return { pauses: made, changes: () => changes }
}

/** For how long nothing goes out there, in milliseconds. */
function waitOf(made: SendPauses, address: string): number {
  const hold = made.holdOf(address)
  return hold === null ? 0 : hold.until - Date.now()
}

describe('the rate of a pair', () => {
  it('takes 45 at once, and then one in six seconds; others go on', () => {
    const { pauses: made } = pauses(1_000)
    for (let sent = 0; sent < 45; sent += 1) {
      expect(made.holdOf(ANNA)).toBeNull()
      made.left(ANNA)
    }
    expect(made.holdOf(ANNA)).toMatchObject({ scope: 'chat', code: 'pair_rate', until: Date.now() + 6_000 })
    expect(made.holdOf(BEN)).toBeNull()
    for (let sent = 0; sent < 10; sent += 1) {
      vi.advanceTimersByTime(5_999)
      expect(made.holdOf(ANNA)).not.toBeNull()
      vi.advanceTimersByTime(1)
      expect(made.holdOf(ANNA)).toBeNull()
      made.left(ANNA)
    }
    // The burst comes back with the time.
    vi.advanceTimersByTime(45 * 6_000)
    for (let sent = 0; sent < 45; sent += 1) made.left(ANNA)
    expect(waitOf(made, ANNA)).toBe(6_000)
  })

  it('waits 4^X seconds after refusals, for this pair alone, until a message is taken', () => {
    const { pauses: made } = pauses()
    const problem = problemOfCode({ code: 131056 })
    for (const seconds of [1, 4, 16, 64]) {
      expect(made.refused(ANNA, problem)).toMatchObject({
        scope: 'chat',
        until: Date.now() + seconds * 1_000,
      })
      expect(made.holdOf(BEN)).toBeNull()
      vi.advanceTimersByTime(seconds * 1_000)
      expect(made.holdOf(ANNA)).toBeNull()
    }
    made.accepted(ANNA)
    expect(made.refused(ANNA, problem)).toMatchObject({ until: Date.now() + 1_000 })
    for (let refusal = 0; refusal < 50; refusal += 1) made.refused(ANNA, problem)
    expect(waitOf(made, ANNA)).toBe(3_600_000)
  })
})

describe('the rate of the number', () => {
  it('is what Meta or a person named', () => {
    const { pauses: made } = pauses(20)
    const waits = Array.from({ length: 24 }, () => made.takePlace())
    expect(waits.slice(0, 20).every((wait) => wait === 0)).toBe(true)
    // One after the other, and nobody's place twice.
    expect(waits.slice(20)).toEqual([50, 100, 150, 200])
    vi.advanceTimersByTime(1_200)
    expect(made.takePlace()).toBe(0)
    expect(made.holdOf(BEN)).toBeNull()
  })
})

describe('a pause of the whole account', () => {
  it.each<[code: number, name: string, first: number, most: number]>([
    [130429, 'number_rate', 1_000, 60_000],
    [4, 'account_rate', 60_000, 3_600_000],
    [80007, 'account_rate', 60_000, 3_600_000],
    [190, 'token', 60_000, 3_600_000],
    [131042, 'number_not_ready', 600_000, 21_600_000],
    [131048, 'account_restricted', 3_600_000, 86_400_000],
    [368, 'account_restricted', 3_600_000, 86_400_000],
    [131031, 'account_restricted', 3_600_000, 86_400_000],
  ])('after %i: %s, first %i ms, longer each time', (code, name, first, most) => {
    const { pauses: made, changes } = pauses()
    const problem = problemOfCode({ code })
    let expected = first
    for (let times = 0; times < 12; times += 1) {
      made.refused(ANNA, problem)
      // Those that were on their way are refused, too.
      made.refused(BEN, problem)
      expect(made.account).toMatchObject({ scope: 'account', code: name, until: Date.now() + expected })
      expect(made.account?.message).toContain(String(code))
      expect(made.holdOf(BEN)).toEqual(made.account)
      vi.advanceTimersByTime(expected)
      expect(made.account).toBeNull()
      expected = Math.min(most, expected * 2)
    }
    // It began and ended each time.
    expect(changes()).toBe(24)
    made.accepted(BEN)
    made.refused(ANNA, problem)
    expect(made.account?.until).toBe(Date.now() + first)
  })

  it('is as long as Meta says, and a minute while the number is upgraded', () => {
    const { pauses: made } = pauses()
    made.refused(ANNA, problemOfCode({ code: 80007, retryAfterMs: 1_234_000 }))
    expect(made.account?.until).toBe(Date.now() + 1_234_000)
    made.resume()
    made.refused(ANNA, problemOfCode({ code: 131057 }))
    expect(made.account?.until).toBe(Date.now() + 60_000)
  })

  it('does not end with the answer to a message that left before it, but when a person says so', () => {
    const { pauses: made } = pauses()
    made.left(BEN)
    made.refused(ANNA, problemOfCode({ code: 131048 }))
    made.accepted(BEN)
    expect(made.holdOf(ANNA)).toMatchObject({ code: 'account_restricted' })
    made.resume()
    expect(made.holdOf(ANNA)).toBeNull()
  })

  it.each([100, 131026, 131047, 131049, 131053, 132000, 2, 131000])('does not follow %i', (code) => {
    const { pauses: made } = pauses()
    expect(made.refused(ANNA, problemOfCode({ code }))).toBeNull()
    expect(made.holdOf(ANNA)).toBeNull()
  })
})
