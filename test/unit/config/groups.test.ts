import { describe, expect, it } from 'vitest'
import { mayWrite } from '../../../src/access/may-write.ts'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'
import { identity } from '../../support/identity.ts'

const GROUP = '120363000000000001@g.us'
const read = (section: string) =>
  resolveConfig(`{ channels: { whatsapp: { ${section} } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })
const groupsOf = (section: string, account = 'default') => read(section).accounts[account]?.groupAccess

/** `code at path` of everything that is wrong with the file, or with single entries of it. */
function problemsOf(section: string): string[] {
  try {
    return (read(section).badEntries?.problems ?? []).map(toLine)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(toLine)
    throw error
  }
}

const toLine = ({ code, path }: ConfigProblem): string => `${code} at ${path}`

describe('the settings for groups', () => {
  it('switch single groups off, and name who may write there; a wrong number there is nobody', () => {
    const section = `groups: { '${GROUP}': { allowFrom: ['+1 (555) 555-0101', '12'] }, '*': { enabled: false } }`
    expect(groupsOf(section)?.groups).toEqual({
      [GROUP]: { allowFrom: ['+15555550101'] },
      '*': { enabled: false },
    })
    expect(problemsOf(section)).toEqual([`too_short at channels.whatsapp.groups.${GROUP}.allowFrom[1]`])
    expect(groupsOf(`groups: { '${GROUP}': { allowFrom: ['12'] } }`)?.groups[GROUP]?.allowFrom).toEqual([])
    expect(problemsOf(`groups: { '*': { allowFrom: ['*'] } }`)).toEqual([
      'wildcard at channels.whatsapp.groups.*.allowFrom[0]',
    ])
    const open = groupsOf(`groupPolicy: 'open', groups: { '*': { allowFrom: ['*', '+15555550101'] } }`)
    expect(open?.groups['*']?.allowFrom).toBeUndefined()
  })

  // The list of "*" took the place of a group's own "everybody", without a word.
  it('allow everybody in a group that says so, also where the other groups have a list', () => {
    const groups = `'${GROUP}': { allowFrom: ['*'] }, '*': { allowFrom: ['+15555550101'] }`
    for (const more of ['', `allowedGroups: ['${GROUP}', '120363000000000002@g.us'],`]) {
      const account = read(`groupPolicy: 'open', ${more} groups: { ${groups} }`).accounts['default']
      const isAllowed = (group: string): boolean =>
        account !== undefined && mayWrite(account, group, identity('1@lid', '+15555550102')).allowed
      expect(['120363000000000001@g.us', '120363000000000002@g.us'].map(isAllowed)).toEqual([true, false])
    }
  })

  it('take numbers in any notation and groups as they are', () => {
    expect(groupsOf(`groupAllowFrom: ['+1 (555) 555-0101', 15555550102, '${GROUP}']`)).toEqual({
      groupPolicy: 'allowlist',
      groupAllowFrom: ['+15555550101', '+15555550102', GROUP],
      groups: {},
    })
    expect(
      groupsOf(`groups: { '*': { requireMention: false }, '${GROUP}': { agent: 'echo' } }`)?.groups,
    ).toEqual({
      '*': { requireMention: false },
      [GROUP]: { agent: 'echo' },
    })
    expect(groupsOf(`groupPolicy: 'open', groupAllowFrom: ['*']`)).toMatchObject({ groupAllowFrom: [] })
    expect(read(`groups: { '*': {} }, groupPolicy: 'open', historyLimit: 3`).notices).toEqual([])
  })

  it("of an account stand before the channel's", () => {
    const section = `groupPolicy: 'open', groupAllowFrom: [], accounts: { home: {}, work: { groupPolicy: 'disabled' } }`
    expect(groupsOf(section, 'home')?.groupPolicy).toBe('open')
    expect(groupsOf(section, 'work')).toMatchObject({ groupPolicy: 'disabled', groupAllowFrom: [] })
  })

  it.each([
    [`groupAllowFrom: ['12']`, 'too_short at channels.whatsapp.groupAllowFrom[0]'],
    [`groupAllowFrom: ['*']`, 'wildcard at channels.whatsapp.groupAllowFrom[0]'],
    [`groupAllowFrom: ['15550000001@s.whatsapp.net']`, 'not_a_group at channels.whatsapp.groupAllowFrom[0]'],
    [`groups: { family: {} }`, 'not_a_group at channels.whatsapp.groups.family'],
    [`groups: { '*': { agent: 'nobody' } }`, 'unknown_agent at channels.whatsapp.groups.*.agent'],
    [`groupPolicy: 'everybody'`, 'invalid_value at channels.whatsapp.groupPolicy'],
  ])('%s is a problem at its place', (section, problem) => {
    expect(problemsOf(section)).toEqual([problem])
  })

  it('name an entry once', () => {
    const { notices } = read(`groupAllowFrom: ['${GROUP}', '${GROUP}']`)
    expect(notices).toMatchObject([{ code: 'duplicate_number', path: 'channels.whatsapp.groupAllowFrom[1]' }])
  })
})
