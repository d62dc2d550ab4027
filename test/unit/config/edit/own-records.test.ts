import { describe, expect, it } from 'vitest'
import { type SettingChange, settingsEdit } from '../../../../src/config/edit/edit-settings.ts'
import { applied, resolve } from '../edit-corpus.ts'

const file = (channel: string): string => `{ channels: { whatsapp: { ${channel} } } }\n`
const ALICE = '+15555550101'
const BOB = '+15555550102'
const GROUP = '120363000000000000@g.us'

const INHERITED = file(`
  agents: { ada: { connector: 'echo' } },
  senders: { '1 (555) 555-0101': { agent: 'ada', name: 'Alice' } },
  pace: { perMinute: 7, perHour: 70 },
  groups: { '*': { requireMention: true }, '120363000000000000@g.us': { requireMention: false } },
  accounts: { home: { name: 'Home' }, work: {} }`)

function edit(text: string, ...changes: SettingChange[]) {
  const request = settingsEdit(changes, [])
  const before = resolve(text)
  const after = applied(request, text, before)
  request.check(before, resolve(after))
  return { text: after, accounts: resolve(after).accounts, before: before.accounts }
}

/** The story: a name for one number at one account took the agents of all others from this account. */
describe('an entry of a record that an account inherits', () => {
  it('is set beside those that held before, and for no other account', () => {
    const { accounts, before } = edit(INHERITED, {
      account: 'home',
      path: ['senders', BOB, 'name'],
      value: 'Bob',
    })
    expect(accounts['home']?.senders).toEqual({
      [ALICE]: { agent: 'ada', name: 'Alice' },
      [BOB]: { agent: null, name: 'Bob' },
    })
    expect(accounts['work']).toEqual(before['work'])
  })

  it('is taken out for this account', () => {
    const { accounts } = edit(INHERITED, { account: 'home', path: ['senders', ALICE, 'agent'], unset: true })
    expect(accounts['home']?.senders).toEqual({ [ALICE]: { agent: null, name: 'Alice' } })
    expect(accounts['work']?.senders).toEqual({ [ALICE]: { agent: 'ada', name: 'Alice' } })
  })

  it('is of groups, too', () => {
    const { accounts } = edit(INHERITED, { account: 'work', path: ['groups', GROUP, 'agent'], value: 'ada' })
    expect(accounts['work']?.groupAccess.groups).toMatchObject({
      '*': { requireMention: true },
      [GROUP]: { requireMention: false, agent: 'ada' },
    })
  })

  it('needs no copy where each member is inherited by itself', () => {
    const { accounts, text } = edit(INHERITED, { account: 'work', path: ['pace', 'perHour'], value: 50 })
    expect(accounts['work']?.pace).toMatchObject({ perMinute: 7, perHour: 50 })
    expect(text.match(/perMinute/g)).toHaveLength(1)
  })

  it('changes nothing where there is none to take out', () => {
    expect(edit(INHERITED, { account: 'home', path: ['senders', BOB, 'name'], unset: true }).text).toBe(
      INHERITED,
    )
  })

  it("is inherited from accounts.default in OpenClaw's file", () => {
    const text = file(`healthMonitor: {}, accounts: {
      default: { senders: { '+15555550101': { name: 'Alice' } } }, home: {} }`)
    const { accounts } = edit(text, { account: 'home', path: ['senders', BOB, 'name'], value: 'Bob' })
    expect(Object.keys(accounts['home']?.senders ?? {})).toEqual([ALICE, BOB])
  })
})
