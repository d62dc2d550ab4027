import { z } from 'zod'
import { expect, it } from 'vitest'
import { defineConnector } from '../../../../../src/agents/connector.ts'
import { echoAgent } from '../../../../../src/agents/connectors/echo/echo.ts'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import type { AgentConfig } from '../../../../../src/config/model.ts'
import { ConfigError } from '../../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import { secretSchema } from '../../../../../src/config/settings/secret-schema.ts'
import { member, requiredMember } from '../../../../../src/config/settings/setting.ts'
import { count } from '../../../../../src/config/settings/value-schemas.ts'
import type { ConfigProblem } from '../../../../../src/protocol/config/config-problem.ts'

// One entry of the table is all that the config needs to know of a connector.

const parrot = defineConnector({
  name: 'parrot',
  description: 'Talks.',
  settings: {
    volume: requiredMember(count, { description: 'How loud.', example: 3 }),
    seed: member(secretSchema, { description: 'What it eats.', example: { env: 'SEED' } }),
  },
  create: () => echoAgent,
})

function resolve(agents: string): Record<string, AgentConfig> {
  const config = resolveConfig(`{ channels: { whatsapp: { agents: ${agents} } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: { ...CONNECTORS, parrot },
  })
  return { ...config.accounts['default']?.agents }
}

function problemsOf(agents: string): readonly ConfigProblem[] {
  try {
    resolve(agents)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

it('reads an agent by the settings of its connector, with its secrets as references', () => {
  expect(
    resolve(
      "{ polly: { connector: 'parrot', name: 'Polly', volume: 3, seed: { file: 'seed' }, timeoutSeconds: 9 } }",
    ),
  ).toEqual({
    polly: {
      connector: 'parrot',
      name: 'Polly',
      settings: { volume: 3, seed: { file: '/etc/sandbox/seed' }, timeoutSeconds: 9 },
    },
  })
})

it.each([
  ["{ polly: { connector: 'parrot' } }", 'polly.volume', /expected number/],
  ["{ polly: { connector: 'parrot', volume: 'loud' } }", 'polly.volume', /expected number/],
  ["{ polly: { connector: 'parrot', volume: 3, seeds: 'x' } }", 'polly.seeds', /Did you mean "seed"/],
  [
    "{ polly: { connector: 'parrot', volume: 3, baseUrl: 'http://x' } }",
    'polly.baseUrl',
    /no setting "baseUrl"/,
  ],
  ["{ polly: { connector: 'parrott', volume: 3 } }", 'polly.connector', /: acp, (?:[\w-]+, )*parrot\./],
  ['{ polly: { volume: 3 } }', 'polly.connector', /There is no such connector/],
  ['{ polly: 3 }', 'polly', /expected/],
])('refuses %s at its place, and reports nothing else', (agents, path, message) => {
  expect(problemsOf(agents)).toMatchObject([
    { path: `channels.whatsapp.agents.${path}`, message: expect.stringMatching(message) },
  ])
})

it('has no connector with the name of what every object has', () => {
  for (const name of ['constructor', '__proto__', 'toString'])
    expect(problemsOf(`{ polly: { connector: '${name}' } }`)).toMatchObject([{ code: 'invalid_value' }])
})

it('reads the values that a connector takes by name as secrets, and names those that stand in clear', () => {
  const runner = defineConnector({
    name: 'runner',
    description: 'Runs.',
    settings: {
      environment: member(z.record(z.string(), secretSchema), { description: 'What it sees.', example: {} }),
    },
    create: () => echoAgent,
  })
  const entry = `{ connector: 'runner', environment: { CITY: 'Bonn', MY_KEY: 'abc', A: { env: 'B' }, C: { file: 'c' }, D: '\${E}' } }`
  const config = resolveConfig(`{ channels: { whatsapp: { agents: { ada: ${entry} } } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: { ...CONNECTORS, runner },
  })
  expect({ ...(config.accounts['default']?.agents['ada']?.settings['environment'] as object) }).toEqual({
    CITY: { literal: 'Bonn' },
    MY_KEY: { literal: 'abc' },
    A: { env: 'B' },
    C: { file: '/etc/sandbox/c' },
    D: { env: 'E' },
  })
  const notices = config.notices.filter(({ code }) => code === 'literal_secret')
  expect(notices.map(({ path }) => path)).toEqual(['channels.whatsapp.agents.ada.environment.MY_KEY'])
})
