import { expect, it } from 'vitest'
import { AgentAway } from '../../../../src/agents/agent-away.ts'
import type { ReplyPart } from '../../../../src/agents/agent.ts'
import { AwaitedAnswers } from '../../../../src/agents/answers/awaited-answers.ts'
import type { AnswerStep } from '../../../../src/agents/answers/written-steps.ts'

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
  const take = (): unknown => answers.take('T', 'posted', { type: 'delta', text: 'x'.repeat(60_000) })
  const codes = Array.from({ length: 40 }, () => codeOf(take))
  expect(codes.filter((code) => code === null)).toHaveLength(33)
  expect(codes.at(-1)).toBe('rate_limited')
})

it('keeps the pieces of a file that there is no room for, until its step comes again', async () => {
  const answers = new AwaitedAnswers()
  const answer = answers.open('T', 'posted')
  const data = Buffer.from('whole').toString('base64')
  const file = { type: 'media', kind: 'document', name: 'a.txt' } as const
  answers.take('T', 'posted', { type: 'data', data })
  for (let item = 0; item < 100; item += 1) answers.take('T', 'posted', { type: 'quote', messageId: 'Q' })
  expect(codeOf(() => answers.take('T', 'posted', file))).toBe('rate_limited')
  const parts = answer.parts(new AbortController().signal)
  for (let item = 0; item < 100; item += 1) await parts.next()
  answers.take('T', 'posted', file)
  expect((await parts.next()).value).toEqual({
    type: 'media',
    kind: 'document',
    name: 'a.txt',
    file: { data: Buffer.from('whole') },
  })
})

it('lets several requests wait for room, and none for an answer that nobody reads', async () => {
  const answers = new AwaitedAnswers()
  const answer = answers.open('T', 'posted')
  const take = (messageId: string): Promise<void> =>
    answers.takeWhenRoom('T', 'posted', { type: 'quote', messageId })
  for (let item = 0; item < 100; item += 1) await take('early')
  const waiting = Promise.all([take('a'), take('b')])
  const parts = answer.parts(new AbortController().signal)
  for (let item = 0; item < 100; item += 1) await parts.next()
  const next = parts.next()
  await waiting
  expect([(await next).value, (await parts.next()).value]).toMatchObject([
    { messageId: 'a' },
    { messageId: 'b' },
  ])

  for (let item = 0; item < 100; item += 1) await take('unread')
  const late = take('late')
  answer.abandon(new AgentAway())
  answers.close(answer, { again: false })
  await expect(late).rejects.toMatchObject({ code: 'turn_over' })
})

/** It was refused until its turn was out of time: no reader could make room for it. */
it('ends an answer with a step that is longer than any answer', async () => {
  const answers = new AwaitedAnswers()
  const answer = answers.open('T', 'posted')
  const parts = answer.parts(new AbortController().signal)
  await answers.takeWhenRoom('T', 'posted', { type: 'delta', text: 'x'.repeat(2_000_001) })
  await expect(parts.next()).rejects.toMatchObject({ code: 'bad_answer' })
})

/** Its sender may go on: the file was made of the other pieces, and looked whole. */
it('sends no file of which a piece may have been refused, and the next one whole', async () => {
  const answers = new AwaitedAnswers()
  const answer = answers.open('T', 'posted')
  const take = (step: AnswerStep): string | null => answers.take('T', 'posted', step)
  const data = Buffer.from('whole').toString('base64')
  const file = { type: 'media', kind: 'document', name: 'a.txt' } as const
  take({ type: 'lostPiece' })
  expect(answer.hasBegun).toBe(false)
  take({ type: 'data', data })
  expect(take(file)).toBe('A piece of this file was refused.')
  take({ type: 'data', data })
  expect(take(file)).toBeNull()
  // What was refused was no piece.
  take({ type: 'lostPiece' })
  expect(take({ ...file, data })).toBeNull()
  take({ type: 'lostPiece' })
  take({ type: 'done' })
  const parts: ReplyPart[] = []
  for await (const part of answer.parts(new AbortController().signal)) parts.push(part)
  expect(parts.map(({ type }) => type)).toEqual(['unusable', 'media', 'media'])
})
