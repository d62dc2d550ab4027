import { expect, it } from 'vitest'
import { answerJsonSchema } from '../../../../src/protocol/agent/answer-json.ts'

it('takes the three steps of an answer, with fields that it does not know, and nothing else', () => {
  expect(answerJsonSchema.parse({ type: 'delta', text: 'hi', id: 4 })).toEqual({ type: 'delta', text: 'hi' })
  expect(answerJsonSchema.parse({ type: 'done' })).toEqual({ type: 'done' })
  expect(answerJsonSchema.parse({ type: 'done', text: 'hi' })).toEqual({ type: 'done', text: 'hi' })
  expect(answerJsonSchema.parse({ type: 'fail', message: 'no' })).toEqual({ type: 'fail', message: 'no' })
  for (const wrong of [
    null,
    'hi',
    { type: 'delta' },
    { type: 'delta', text: 1 },
    { type: 'thought', text: 'x' },
  ])
    expect(answerJsonSchema.safeParse(wrong).success).toBe(false)
})
