import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import type { AccountConfig, Config } from '../../../../src/config/model.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../../src/protocol/config/config-problem.ts'

const resolve = (text: string, env: NodeJS.ProcessEnv = {}): Config =>
  resolveConfig(text, { directory: '/etc/sandbox', env, connectors: CONNECTORS })

function account(config: Config, id = 'default'): AccountConfig {
  const found = config.accounts[id]
  if (found === undefined) throw new Error(`no account ${id}`)
  return found
}

function problemsOf(read: () => Config): readonly ConfigProblem[] {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('the config is valid')
}

describe('connectors.whatsapp', () => {
  it('is read like channels.whatsapp, at its own path', () => {
    const config = resolve(
      "{ connectors: { whatsapp: { dmPolicy: 'closed', allowFrom: ['+15555550101'] } } }",
    )
    expect(account(config).access).toEqual({ dmPolicy: 'disabled', allowFrom: ['+15555550101'] })
    expect(resolve("{ connectors: { whatsapp: { allowFrom: ['1'] } } }").badEntries?.problems).toMatchObject([
      { path: 'connectors.whatsapp.allowFrom[0]', line: 1, column: 41 },
    ])
  })

  // Advice once named the other section; following it switched off the one that counted.
  it('beside channels.whatsapp is an error, so that neither silently switches the other off', () => {
    const both = "{ connectors: { whatsapp: { allowFrom: ['+15555550101'] } }, channels: { whatsapp: {} } }"
    expect(problemsOf(() => resolve(both))).toMatchObject([
      { code: 'two_sections', path: 'connectors.whatsapp', line: 1, column: 17 },
    ])
  })

  it.each([
    ['{ connectors: { whatsapp: {} } }', 'connectors.whatsapp'],
    ['{ connectors: { discord: {} } }', 'connectors.whatsapp'],
    ['{ connectors: { discord: {} }, channels: { telegram: {} } }', 'channels.whatsapp'],
    ['{ channels: { whatsapp: {} }, connectors: {} }', 'channels.whatsapp'],
    ['{}', 'channels.whatsapp'],
  ])('in %s the place for advice and edits is %s', (text, section) => {
    const config = resolve(text)
    expect([config.section, account(config).section]).toEqual([section, section])
  })
})
