// One paste of 36,000 characters filled the context of a small model: the next 50 questions failed.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Agent, HistoryMessage } from '../../../../src/agents/agent.ts'
import { ALICE, Desk } from '../desk.ts'

/** What the agent is shown before the last of these questions; each is answered with `ok`. */
async function historyAfter(desk: Desk, questions: readonly string[]): Promise<HistoryMessage[]> {
  let seen: HistoryMessage[] = []
  const agent: Agent = {
    // oxlint-disable-next-line typescript/require-await -- the interface is a stream
    async *reply(turn) {
      seen = turn.history
      yield { type: 'delta', text: 'ok' }
    },
  }
  desk.agent = agent
  desk.conversations.start()
  for (const [index, question] of questions.entries()) {
    desk.receive(ALICE, question)
    await desk.until(() => desk.named('agent.turnFinished').length === index + 1)
  }
  return seen
}

const lengthOf = (history: readonly HistoryMessage[]): number =>
  history.reduce((sum, { text }) => sum + text.length, 0)

it('shows an agent 24,000 characters of what was said before, unless the config says otherwise', async () => {
  const questions = ['first', `a paste ${'x'.repeat(36_000)}`, 'newest', 'and now?']
  const history = await historyAfter(new Desk(), questions)
  expect(lengthOf(history)).toBeLessThanOrEqual(24_000)
  expect(history.map(({ text }) => text.slice(0, 9))).toEqual(['a paste x', 'ok', 'newest', 'ok'])
  expect(history[0]?.text.endsWith('…')).toBe(true)
})

it('shows nothing where the config allows no characters', async () => {
  expect(await historyAfter(new Desk({ historyChars: 0 }), ['one', 'two'])).toEqual([])
})

it('never shows more than is allowed, and always the newest', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 2, maxLength: 6 }),
      fc.integer({ min: 2, max: 5_000 }),
      async (lengths, historyChars) => {
        const history = await historyAfter(
          new Desk({ historyChars }),
          lengths.map((length) => 'é'.repeat(length)),
        )
        expect(lengthOf(history)).toBeLessThanOrEqual(historyChars)
        expect(history.at(-1)?.text).toBe('ok')
      },
    ),
    { numRuns: 15 },
  )
})
