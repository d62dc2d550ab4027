import { describe, expect, it } from 'vitest'
import { LoopBreaker } from '../../../../src/conversations/outbox/loop-breaker.ts'

// Two assistants that answer each other never stop by themselves.
describe('the loop breaker', () => {
  const judgeTimes = (loops: LoopBreaker, times: number, text: string, reply: string): string[] =>
    Array.from({ length: times }, () => {
      const verdict = loops.judge(2, 'direct', text, 0)
      if (verdict === 'answer') loops.said(2, text, reply)
      return verdict
    })

  it('lets a person say the same word a few times, and ends an endless mirror', () => {
    const loops = new LoopBreaker()
    const verdicts = judgeTimes(loops, 30, 'ping', 'ping')
    expect(verdicts.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'answer'))
    expect(new Set(verdicts.slice(11))).toEqual(new Set(['echo']))
    expect(loops.judge(2, 'direct', 'something else', 0)).toBe('answer')
  })

  it('ends a machine that sends our own words back, after three', () => {
    const loops = new LoopBreaker()
    loops.said(2, 'hello', 'How can I help?')
    const verdicts = Array.from({ length: 4 }, () => loops.judge(2, 'direct', 'How can I help?', 0))
    expect(verdicts).toEqual(['answer', 'answer', 'echo', 'echo'])
  })

  it('pauses the chat with yourself when it runs faster than anybody types', () => {
    const loops = new LoopBreaker()
    const at = (now: number): string => loops.judge(1, 'self', `note ${now}`, now)
    const verdicts = Array.from({ length: 11 }, (_, index) => at(index))
    expect(verdicts.at(-1)).toBe('self_paused')
    expect(at(299_000)).toBe('self_paused')
    expect(at(301_000)).toBe('answer')
  })
})
