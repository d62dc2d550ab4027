import { expect, it } from 'vitest'
import { assistantLines } from '../../../../../src/cli/remote/accounts/assistant-lines.ts'
import type { AssistantView } from '../../../../../src/protocol/account/assistant.ts'

const FAILURE = {
  at: '2026-03-01T12:00:00.000Z',
  code: 'unauthorized',
  message: 'The assistant answered 401 (invalid_api_key): check apiKey.',
  action: 'Check agents.ada.apiKey (the environment variable CHAT_KEY).',
} as const
const ADA: AssistantView = {
  agent: 'ada',
  connector: 'openai-chat',
  ok: true,
  since: '2026-03-01T11:00:00.000Z',
  lastSuccessAt: null,
  lastFailure: null,
}
const linesOf = (changes: Partial<AssistantView>): string =>
  assistantLines({ assistant: { ...ADA, ...changes } }).join('\n')

it('says why there are no answers, what to do, and since when', () => {
  const text = linesOf({ ok: false, lastFailure: FAILURE })
  expect(text).toContain('ada has not answered since')
  expect(text).toContain('none since the daemon started')
  expect(text).toContain(`${FAILURE.message} ${FAILURE.action} (unauthorized, `)
})

it('says when it last answered, and nothing of a failure before that', () => {
  const text = linesOf({ lastSuccessAt: '2026-03-01T13:00:00.000Z', lastFailure: FAILURE })
  expect(text).toContain('last answer of ada')
  expect(text).not.toContain('401')
})

it('says that voice messages are not written down, and what to do, also of an assistant that answers', () => {
  const transcription = { ok: false, since: ADA.since, lastSuccessAt: null, lastFailure: FAILURE }
  const text = linesOf({ lastSuccessAt: '2026-03-01T13:00:00.000Z', transcription })
  expect(text).toContain('last answer of ada')
  expect(text).toContain('no voice message was written down since')
  expect(text).toContain(`${FAILURE.message} ${FAILURE.action} (unauthorized, `)
  expect(linesOf({ transcription: { ...transcription, ok: true } })).toBe('')
})

it('says nothing where nothing is known', () => {
  expect(linesOf({})).toBe('')
  expect(linesOf({ connector: 'echo', lastSuccessAt: '2026-03-01T13:00:00.000Z' })).toBe('')
  expect(assistantLines({ assistant: null })).toEqual([])
  expect(assistantLines({})).toEqual([])
})
