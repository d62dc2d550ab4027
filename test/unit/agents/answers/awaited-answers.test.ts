import { expect, it } from 'vitest'
import { AgentAway } from '../../../../src/agents/agent-away.ts'
import { AwaitedAnswers } from '../../../../src/agents/answers/awaited-answers.ts'

const codeOf = (call: () => void): unknown => {
  try {
    call()
    return null
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
}

it('remembers the last 2,000 turns that are over, and no more', () => {
  const answers = new AwaitedAnswers()
  for (let turn = 0; turn < 2_001; turn += 1)
    answers.close(answers.open(String(turn), 'posted'), { again: false })
  const late = (turn: number): unknown => codeOf(() => answers.take(String(turn), 'posted', { type: 'done' }))
  expect([late(0), late(1), late(2_000)]).toEqual(['turn_not_found', 'turn_over', 'turn_over'])
})

it('takes nothing for a turn that was given back, and everything when it is handed out again', () => {
  const answers = new AwaitedAnswers()
  const [first, second] = [{}, {}]
  const answer = answers.open('T', first)
  answer.abandon(new AgentAway())
  expect(codeOf(() => answers.take('T', first, { type: 'done' }))).toBe('turn_not_found')
  answers.close(answer, { again: true })
  answers.open('T', second)
  expect(codeOf(() => answers.take('T', first, { type: 'done' }))).toBe('turn_not_yours')
  expect(codeOf(() => answers.take('T', second, { type: 'done' }))).toBeNull()
})

it('keeps no more than it is asked to while nobody reads', () => {
  const answers = new AwaitedAnswers()
  answers.open('T', 'posted')
  const take = (): void => answers.take('T', 'posted', { type: 'delta', text: 'x'.repeat(60_000) })
  const codes = Array.from({ length: 40 }, () => codeOf(take))
  expect(codes.filter((code) => code === null)).toHaveLength(33)
  expect(codes.at(-1)).toBe('rate_limited')
})
