import { describe, expect, it } from 'vitest'
import type { ReplyUsage } from '../../../../../src/agents/agent.ts'
import {
  NO_USAGE,
  type SessionUsage,
  turnUsage,
} from '../../../../../src/agents/connectors/acp/session-usage.ts'

type Told = Record<string, unknown>

const total = (inputTokens: number, outputTokens: number): Told => ({ usage: { inputTokens, outputTokens } })
const quota = (input_tokens: number, output_tokens: number): Told => ({
  _meta: { quota: { token_count: { input_tokens, output_tokens } } },
})

/** What is counted for each answer of a session, in turn. */
function counted(answers: readonly Told[], before: SessionUsage = NO_USAGE): ([number, number] | null)[] {
  let usage = before
  return answers.map((answer) => {
    const { used, after } = turnUsage(answer, null, usage)
    usage = after
    return used && [used.inputTokens, used.outputTokens]
  })
}

describe('what a turn used', () => {
  it.each<{ told: string; answers: Told[]; before?: SessionUsage; counts: ([number, number] | null)[] }>([
    {
      told: 'totals of the session',
      answers: [total(100, 10), total(150, 30), total(150, 30)],
      counts: [
        [100, 10],
        [50, 20],
        [0, 0],
      ],
    },
    {
      told: 'totals that the agent began anew',
      answers: [total(100, 10), total(20, 5), total(50, 9)],
      counts: [
        [100, 10],
        [20, 5],
        [30, 4],
      ],
    },
    {
      told: 'totals of which one number fell',
      answers: [total(100, 10), total(120, 5)],
      counts: [
        [100, 10],
        [120, 5],
      ],
    },
    {
      told: 'numbers of single turns under the name of totals',
      answers: [total(100, 10), total(90, 20), total(80, 5), total(85, 6), total(90, 7)],
      counts: [
        [100, 10],
        [90, 20],
        [80, 5],
        [85, 6],
        [90, 7],
      ],
    },
    {
      told: 'numbers of the turn beside those',
      answers: [
        { ...total(100, 10), ...quota(40, 4) },
        { ...total(150, 30), ...quota(50, 20) },
      ],
      counts: [
        [40, 4],
        [50, 20],
      ],
    },
    { told: 'numbers of the turn alone', answers: [quota(7, 8), {}], counts: [[7, 8], null] },
    {
      told: 'totals of a session whose former totals are not known',
      answers: [total(900, 90), total(1_000, 95)],
      before: { totals: null, falls: 0 },
      counts: [null, [100, 5]],
    },
    {
      told: 'no numbers at all',
      answers: [{ usage: null }, { usage: { totalTokens: 3 } }, { _meta: { quota: { token_count: null } } }],
      counts: [null, null, null],
    },
  ])('is counted once: $told', ({ answers, before, counts }) => {
    expect(counted(answers, before)).toEqual(counts)
  })

  it('is what the updates told of it, before anything else', () => {
    const told: ReplyUsage = { type: 'usage', inputTokens: 3, outputTokens: 4 }
    const { used, after } = turnUsage(total(100, 10), told, NO_USAGE)
    expect(used).toEqual(told)
    expect(after.totals).toEqual({ inputTokens: 100, outputTokens: 10 })
  })
})
