import { expect, it } from 'vitest'
import { assistantView } from '../../../../src/accounts/status/assistant-view.ts'
import type { PooledAgentHealth } from '../../../../src/agents/agent-pool.ts'
import { assistantSchema } from '../../../../src/protocol/account/assistant.ts'

const agent = (id: string, ok: boolean, more: Partial<PooledAgentHealth> = {}): PooledAgentHealth => ({
  account: 'default',
  agent: id,
  connector: 'openai-chat',
  ok,
  message: ok ? null : 'it failed',
  since: 0,
  lastSuccessAt: null,
  lastFailure: ok ? null : { at: 1_000, code: 'unreachable', message: 'it failed', action: 'Start it.' },
  ...more,
})
const shown = (...agents: PooledAgentHealth[]) => assistantView({ defaultAgent: 'ada' }, agents, null)

it('is about the default agent while all are well', () => {
  expect(shown(agent('bob', true), agent('ada', true))).toMatchObject({ agent: 'ada', ok: true })
})

it('is about the default agent where it fails, and else about one that does', () => {
  expect(shown(agent('bob', false), agent('ada', false))).toMatchObject({ agent: 'ada', ok: false })
  expect(shown(agent('ada', true), agent('bob', false))).toMatchObject({ agent: 'bob', ok: false })
})

it('says how the server is that writes down voice messages, where there is one', () => {
  const lastFailure = { at: 1_000, code: 'unauthorized', message: 'it refused', action: 'Check it.' } as const
  const health = { ok: false, since: 0, lastSuccessAt: null, lastFailure }
  const view = assistantView({ defaultAgent: 'ada' }, [agent('ada', true)], health)
  expect(assistantSchema.parse(view)).toEqual(view)
  expect(view).toMatchObject({
    ok: true,
    transcription: { ok: false, lastFailure: { message: 'It refused.' } },
  })
  expect(shown(agent('ada', true))).not.toHaveProperty('transcription')
})

it('is nothing where nothing is known', () => {
  expect(shown()).toBeNull()
  expect(shown(agent('bob', true))).toBeNull()
})

it('says a failure as one bounded sentence, in the shape of the protocol', () => {
  const message = `the assistant\n${'said much '.repeat(100)}`
  const lastFailure = { at: 1_000, code: 'failed', message, action: 'a'.repeat(2_000) } as const
  const view = shown(agent('ada', false, { lastFailure, lastSuccessAt: 500 }))
  expect(assistantSchema.parse(view)).toEqual(view)
  expect(view?.lastFailure?.message).toMatch(/^The assistant said much [^\n]{10,300}$/)
  expect(view?.lastFailure?.action.length).toBeLessThanOrEqual(300)
  expect(view).toMatchObject({ lastSuccessAt: '1970-01-01T00:00:00.500Z', since: '1970-01-01T00:00:00.000Z' })
})
