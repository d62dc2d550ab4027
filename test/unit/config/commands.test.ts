import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const read = (section: string, root = '') =>
  resolveConfig(`{ channels: { whatsapp: { ${section} } } ${root} }`, {
    directory: '/etc/sandbox',
    env: { OWNER: '+15555550103' },
    connectors: CONNECTORS,
  })

describe('commands', () => {
  it('are for everybody, and those of owners for the own phone alone, where nothing is set', () => {
    expect(read('').accounts['default']?.commands).toEqual({ enabled: true, owners: [] })
  })

  it('name owners in every notation of a number, each once', () => {
    const { accounts } = read(
      `commands: { owners: ['+1 (555) 555-0101', 15555550101, '999123456789@s.whatsapp.net', '\${OWNER}'] }`,
    )
    expect(accounts['default']?.commands.owners).toEqual(['+15555550101', '+999123456789', '+15555550103'])
  })

  it('take from the channel what an account does not set', () => {
    const { accounts } = read(
      `commands: { owners: ['+15555550101'] },
       accounts: { home: { commands: { enabled: false } }, work: { commands: { owners: [] } } }`,
    )
    expect(accounts['home']?.commands).toEqual({ enabled: false, owners: ['+15555550101'] })
    expect(accounts['work']?.commands).toEqual({ enabled: true, owners: [] })
  })

  it('say of an owner whom no list allows that this is none', () => {
    const noticesOf = (section: string): string[] =>
      read(section).notices.map(({ code, path }) => `${code} ${path}`)
    const owners = `commands: { owners: ['+15555550101'] }`
    expect(noticesOf(`allowFrom: ['+15555550102'], ${owners}`)).toEqual([
      'owner_not_allowed channels.whatsapp.commands.owners[0]',
    ])
    expect(noticesOf(`allowFrom: ['+15555550101'], ${owners}`)).toEqual([])
    expect(noticesOf(`groups: { '*': { allowFrom: [15555550101] } }, ${owners}`)).toEqual([])
    expect(noticesOf(`dmPolicy: 'open', allowFrom: ['*'], ${owners}`)).toEqual([])
    expect(JSON.stringify(read(owners).notices)).not.toContain('5555550101')
  })

  it.each(["'*'", "'everybody'", '{}', 'true', "''"])('%s names nobody, at its place', (entry) => {
    const { accounts, badEntries } = read(
      `accounts: { home: { commands: { owners: [${entry}, '+15555550102'] } } }`,
    )
    expect(accounts['home']?.commands.owners).toEqual(['+15555550102'])
    expect(badEntries).toMatchObject({
      total: 1,
      problems: [{ path: 'channels.whatsapp.accounts.home.commands.owners[0]' }],
    })
  })
})
