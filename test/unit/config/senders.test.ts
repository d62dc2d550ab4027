import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'

const read = (section: string) =>
  resolveConfig(`{ channels: { whatsapp: { ${section} } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })

/** `code at path:column` of everything that is wrong with the file, or with single entries of it. */
function problemsOf(section: string): string[] {
  try {
    return (read(section).badEntries?.problems ?? []).map(toLine)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(toLine)
  }
}

const toLine = ({ code, path, column }: ConfigProblem): string => `${code} at ${path}:${column}`

describe('the settings of single people', () => {
  it('are known by their number, in whatever notation', () => {
    const config = read(
      `senders: { '+1 (555) 555-0101': { agent: 'echo' }, '15555550102': { name: ' Bob ' } }`,
    )
    expect(config.accounts['default']?.senders).toEqual({
      '+15555550101': { agent: 'echo', name: null },
      '+15555550102': { agent: null, name: 'Bob' },
    })
    expect(config.notices).toEqual([])
  })

  it("of an account stand instead of the channel's", () => {
    const section = `senders: { '15555550101': { name: 'A' } }, accounts: { home: {}, work: { senders: {} } }`
    const { accounts } = read(section)
    expect(Object.keys(accounts['home']?.senders ?? {})).toEqual(['+15555550101'])
    expect(accounts['work']?.senders).toEqual({})
  })

  it.each([
    [`senders: { '+1555': {} }`, 'too_short at channels.whatsapp.senders.+1555:38'],
    [`senders: { alice: {} }`, 'not_a_number at channels.whatsapp.senders.alice:38'],
    [
      `senders: { '15555550101': { agent: 'ada' } }`,
      'unknown_agent at channels.whatsapp.senders.15555550101.agent:62',
    ],
    [
      `senders: { '15555550101': {}, '+15555550101': {} }`,
      'duplicate_key at channels.whatsapp.senders.+15555550101:57',
    ],
  ])('%s is a problem at its place', (section, problem) => {
    expect(problemsOf(section)).toEqual([problem])
  })
})
