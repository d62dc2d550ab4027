// A server kept the connection open behind `finish_reason`: the whole answer was thrown away at the timeout.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readChatAnswer } from '../../../../../src/agents/connectors/openai-chat/chat-answer.ts'
import { chunk, sse } from './scripted-answers.ts'
import { wordsOf } from '../../../../support/words-of.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Sends these events, and one more each second that says nothing. */
async function* endless(...events: unknown[]): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(sse(...events))
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    yield Buffer.from(sse({ type: 'ping' }))
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const part of readChatAnswer(body)) text += wordsOf(part)
  return text
}

it('a finished answer is taken though its stream stays open', async () => {
  const text = textOf(endless(chunk({ content: 'Hi' }), chunk({}, 'stop')))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await text).toBe('Hi')
})

it('an answer under way is waited for', async () => {
  let isOver = false
  void textOf(endless(chunk({ content: 'Hi' }))).then(() => (isOver = true))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(isOver).toBe(false)
})
