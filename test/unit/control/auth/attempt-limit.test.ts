import { expect, it } from 'vitest'
import { AttemptLimit } from '../../../../src/control/auth/attempt-limit.ts'

it('counts each source apart, and forgets with time', () => {
  let nowMs = 0
  const limit = new AttemptLimit(() => new Date(nowMs))
  const failures = (source: string, count: number): boolean[] =>
    Array.from({ length: count }, () => limit.failed(source))
  expect(failures('a', 30)).not.toContain(true)
  expect(limit.failed('a')).toBe(true)
  expect(limit.failed('b')).toBe(false)
  nowMs += 2_000
  expect(failures('a', 2)).toEqual([false, true])
})

it('counts all of them together too: a source can call itself anything', () => {
  const limit = new AttemptLimit(() => new Date(0))
  const refused = Array.from({ length: 400 }, (_, index) => limit.failed(`source ${index}`))
  expect(refused.slice(0, 300)).not.toContain(true)
  expect(refused.slice(300)).not.toContain(false)
})
