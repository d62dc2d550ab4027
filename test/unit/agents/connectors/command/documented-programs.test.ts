import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Agent } from '../../../../../src/agents/agent.ts'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import { ProgramFixture } from '../../programs/program-fixture.ts'
import { ask, commandAgent } from './command-fixture.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../../docs/agents.md'), 'utf8')
const section = /^## command\n(.*?)^## /ms.exec(page)?.[1] ?? ''
const blocksOf = (language: string): string[] =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text)

const [oneQuestion = '', staying = ''] = blocksOf('python')

function agentOf(script: string, settings: Record<string, unknown> = {}): Agent {
  // Debian's own Python.
  const agent = commandAgent(new ProgramFixture({ PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }), script, settings)
  onTestFinished(() => agent.stop?.())
  return agent
}

it('runs the script of twenty lines as it is printed', async () => {
  expect(oneQuestion.trim().split('\n').length).toBeLessThanOrEqual(20)
  const agent = agentOf(oneQuestion)
  expect(await ask(agent)).toBe('Write: remember the milk')
  expect(await ask(agent, 'Remember Käse')).toBe('I keep that in mind, you.')
  expect(await ask(agent, 'remember the milk')).toContain('in mind')
  expect(await ask(agent)).toBe('*What I know:*\n- Käse\n- the milk')
})

it('runs the script that stays as it is printed, side by side', async () => {
  const agent = agentOf(staying, { mode: 'stay' })
  const answers = await Promise.all([ask(agent, 'hello ann'), ask(agent, 'hello bob')])
  expect(answers.map((answer) => answer.trim())).toEqual(['HELLO ANN', 'HELLO BOB'])
})

it('takes the config as it is printed', () => {
  for (const text of blocksOf('json5')) {
    const config = resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS })
    expect(config.notices).toEqual([])
    expect(config.accounts['default']?.agents['ada']?.connector).toBe('command')
  }
})
