import { expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'

function resolve(headers: Record<string, unknown>) {
  const ada = { connector: 'openai-chat', baseUrl: 'http://127.0.0.1:1/v1', model: 'm', headers }
  const text = JSON.stringify({ channels: { whatsapp: { agents: { ada } } } })
  const config = resolveConfig(text, { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS })
  return config.accounts['default']?.agents['ada']?.settings['headers']
}

function refusalOf(headers: Record<string, unknown>): string {
  try {
    resolve(headers)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`).join('\n')
  }
  return ''
}

it('are read as references, so that no value is a setting that is shown', () => {
  expect(resolve({ 'x-gate': { env: 'GATE' }, 'x-file': { file: 'gate' }, 'x-channel': 'whatsapp' })).toEqual(
    {
      'x-gate': { env: 'GATE' },
      'x-file': { file: '/etc/sandbox/gate' },
      'x-channel': { literal: 'whatsapp' },
    },
  )
})

it.each([
  'Connection',
  'keep-alive',
  'Transfer-Encoding',
  'TE',
  'Upgrade',
  'Host',
  'content-length',
  'Content-Type',
  'Proxy-Authorization',
  'two words',
  'line\nbreak',
  'colon:',
  '',
  'x'.repeat(101),
])('are refused where they belong to the connection or are no names: %j', (name) => {
  const refusal = refusalOf({ [name]: 'SECRET-VALUE' })
  expect(refusal).toContain('agents.ada.headers')
  expect(refusal).not.toContain('SECRET-VALUE')
})

it('are refused where one is named twice, and where there are too many', () => {
  expect(refusalOf({ 'X-Gate': 'a', 'x-gate': 'b' })).toMatch(/twice/)
  const many = Object.fromEntries(Array.from({ length: 21 }, (_each, index) => [`x-${index}`, 'a']))
  expect(refusalOf(many)).toMatch(/At most 20/)
})
