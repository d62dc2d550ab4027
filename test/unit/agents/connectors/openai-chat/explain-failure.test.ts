import { expect, it } from 'vitest'
import { AgentError } from '../../../../../src/agents/agent-error.ts'
import { explain } from '../../../../../src/agents/connectors/openai-chat/explain-failure.ts'
import {
  AGENT_FAILURE_CODES,
  type AgentFailureCode,
} from '../../../../../src/protocol/account/agent-failures.ts'

const SETTINGS = {
  id: 'ada',
  baseUrl: 'https://user:pass@models.example:8443/secret-path/?key=SECRET',
  model: 'llama3.2',
  timeoutSeconds: 90,
  keySource: 'the environment variable CHAT_KEY',
}

function cure(code: AgentFailureCode, settings: Parameters<typeof explain>[1] = SETTINGS): string {
  const explained = explain(new AgentError(code, 'the assistant failed'), settings)
  if (!(explained instanceof AgentError)) throw new Error('no AgentError')
  expect(explained).toMatchObject({ code, message: 'the assistant failed' })
  return explained.action
}

it.each([
  ['unreachable', 'agents.ada.baseUrl (https://models.example:8443)'],
  ['unauthorized', 'agents.ada.apiKey (the environment variable CHAT_KEY)'],
  ['not_found', 'agents.ada.model ("llama3.2")'],
  ['not_found', '(most end in /v1)'],
  ['bad_request', 'agents.ada.model ("llama3.2")'],
  ['bad_answer', 'agents.ada.baseUrl (https://models.example:8443)'],
  ['timeout', 'agents.ada.timeoutSeconds (90)'],
] as const)('a failure %s names the setting and its value: %s', (code, words) => {
  expect(cure(code)).toContain(words)
})

it('every failure has a cure, without what an address may hide', () => {
  for (const code of AGENT_FAILURE_CODES) {
    expect(cure(code)).toMatch(/^[A-Z].*\.$/)
    expect(cure(code)).not.toMatch(/user:|pass|secret|SECRET/)
  }
})

it('what refers to a variable is shown as it is written', () => {
  const settings = {
    ...SETTINGS,
    shown: (setting: string) => `\${${setting.toUpperCase()}}`,
  }
  for (const code of AGENT_FAILURE_CODES) expect(cure(code, settings)).not.toMatch(/models\.example|llama/)
  expect(cure('not_found', settings)).toContain('agents.ada.baseUrl (${BASEURL})')
})

it('asks for a key where there is none', () => {
  expect(cure('unauthorized', { ...SETTINGS, keySource: null })).toBe(
    'Set agents.ada.apiKey (there is none).',
  )
})

it('leaves other errors alone', () => {
  const error = new TypeError('a fault')
  expect(explain(error, SETTINGS)).toBe(error)
})
