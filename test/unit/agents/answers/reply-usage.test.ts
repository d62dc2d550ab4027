import { describe, expect, it } from 'vitest'
import { answerSteps } from '../../../../src/agents/answers/answer-steps.ts'
import { replyUsage } from '../../../../src/agents/answers/reply-usage.ts'
import { writtenSteps } from '../../../../src/agents/answers/written-steps.ts'

const USED = { type: 'usage', inputTokens: 12, outputTokens: 3 }

describe('the tokens of an answer', () => {
  it.each([
    { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    { input_tokens: 12, output_tokens: 3 },
    { inputTokens: 12, outputTokens: 3 },
    { promptTokens: 12, completionTokens: 3 },
    { prompt_eval_count: 12, eval_count: 3 },
  ])('are read by whatever name: %o', (told) => expect(replyUsage(told)).toEqual(USED))

  it.each([
    null,
    undefined,
    'many',
    {},
    { inputTokens: -1 },
    { inputTokens: 1.5 },
    { inputTokens: 1e12 },
    [12, 3],
  ])('are not guessed from %o', (told) => expect(replyUsage(told)).toBeNull())

  it('come in the last step of an answer in JSON, which is an answer without them, too', () => {
    const usage = { inputTokens: 12, outputTokens: 3 }
    expect(writtenSteps({ type: 'done', text: 'yes', usage })).toEqual([
      { type: 'delta', text: 'yes' },
      USED,
      { type: 'done' },
    ])
    expect(writtenSteps({ type: 'done', usage: { inputTokens: 'many' } })).toEqual([{ type: 'done' }])
    expect(answerSteps({ text: 'yes', usage: { prompt_tokens: 12, completion_tokens: 3 } })).toEqual([
      { type: 'delta', text: 'yes' },
      USED,
      { type: 'done' },
    ])
  })
})
