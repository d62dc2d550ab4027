import { chmodSync, lstatSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../src/client/client.ts'
import { RequestError } from '../../src/client/request-error.ts'
import { ALICE, MALLORY, Stack } from '../support/stack.ts'

let stack: Stack
let client: WhatsappdClient

beforeEach(async () => {
  stack = await Stack.start()
  client = await stack.client()
})
afterEach(async () => {
  client.close()
  await stack.stop()
})

type Params = Parameters<typeof client.request<'config.update'>>[1]

const update = (changes: Params['changes'], more: Partial<Params> = {}) =>
  client.request('config.update', { changes, ...more })

/** It is refused with this code, and not a byte of the file has changed. */
async function refused(request: () => Promise<unknown>): Promise<RequestError> {
  const before = stack.readConfig()
  const error: unknown = await request().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(stack.readConfig()).toBe(before)
  if (error instanceof RequestError) return error
  throw new Error('it was not refused', { cause: error })
}

const channel = (): Record<string, unknown> => {
  const { channels } = JSON.parse(stack.readConfig()) as { channels: { whatsapp: Record<string, unknown> } }
  return channels.whatsapp
}

describe('config.update', () => {
  it('sets several settings at once, is in force, and is told to everybody', async () => {
    const { revision } = await client.request('config.get', {})
    const result = await update(
      [
        { path: 'sendReadReceipts', value: false },
        { path: 'catchUp.maxAgeMinutes', value: 15 },
        { path: ['allowFrom'], value: [ALICE, '+1 (555) 000-0003'] },
      ],
      { revision },
    )
    expect(result.changed.toSorted()).toEqual([
      'accounts.default.allowFrom',
      'accounts.default.catchUp',
      'accounts.default.sendReadReceipts',
    ])
    expect(result.revision).not.toBe(revision)
    const now = await client.request('config.get', {})
    expect(now.revision).toBe(result.revision)
    expect(now.accounts['default']).toMatchObject({ sendReadReceipts: false, allowFrom: [ALICE, MALLORY] })
    expect(stack.published('config.applied')).toEqual([result])
    expect(channel()).toMatchObject({ catchUp: { maxAgeMinutes: 15 } })
  })

  it('takes a setting out, and what holds for all of them is in force again', async () => {
    await update([{ path: 'typing', value: false }])
    await update([{ path: 'typing', unset: true }])
    expect(channel()).not.toHaveProperty('typing')
    expect((await client.request('config.get', {})).accounts['default']?.typing).toBe(true)
    expect((await update([{ path: 'typing', unset: true }])).changed).toEqual([])
  })

  it('sets one account alone, or all that set nothing themselves', async () => {
    await client.request('accounts.create', { id: 'shop' })
    await update([
      { account: 'shop', path: 'name', value: 'Shop' },
      { path: 'typing', value: false },
      { account: 'shop', path: 'typing', value: true },
    ])
    const { accounts } = await client.request('config.get', {})
    expect(accounts).toMatchObject({
      default: { name: null, typing: false },
      shop: { name: 'Shop', typing: true },
    })
    expect(channel()['accounts']).toEqual({ default: {}, shop: { name: 'Shop', typing: true } })
  })

  it('sets who is answered in groups, and config.get shows it', async () => {
    const shown = async (): Promise<object> => {
      const { accounts, editable } = await client.request('config.get', {})
      expect(editable).toEqual(expect.arrayContaining(['groupPolicy', 'groupAllowFrom', 'groups']))
      const { groupPolicy, groupAllowFrom, groups } = accounts['default'] ?? {}
      return { groupPolicy, groupAllowFrom, groups }
    }
    expect(await shown()).toEqual({ groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} })
    const family = '120363000000000000@g.us'
    await update([
      { path: 'groupAllowFrom', value: [ALICE, family] },
      { path: ['groups', family, 'requireMention'], value: false },
      { path: ['groups', '*', 'agent'], value: 'echo' },
    ])
    expect(await shown()).toEqual({
      groupPolicy: 'allowlist',
      groupAllowFrom: [ALICE, family],
      groups: {
        [family]: { requireMention: false, agent: null },
        '*': { requireMention: null, agent: 'echo' },
      },
    })
    await update([{ path: 'groupPolicy', value: 'disabled' }])
    expect(await shown()).toMatchObject({ groupPolicy: 'disabled' })
    await refused(() => update([{ path: ['groups', 'family', 'requireMention'], value: true }]))
  })

  it('makes all changes or none', async () => {
    const good = { path: 'typing', value: false } as const
    for (const [bad, code] of [
      [{ path: 'textChunkLimit', value: 1 }, 'config_invalid'],
      [{ path: 'textChunkLimit', value: 'many' }, 'config_invalid'],
      [{ path: 'defaultAgent', value: 'nobody' }, 'config_invalid'],
      [{ path: 'allowFrom', value: ['+1555'] }, 'invalid_phone_number'],
      [{ path: 'allowFrom', value: [{ env: 'HOME' }] }, 'config_invalid'],
      [{ path: 'agents.echo.connector', value: 'openai-chat' }, 'config_key_refused'],
      [{ account: 'nobody', path: 'typing', value: false }, 'account_not_found'],
      [{ path: 'typing' }, 'invalid_params'],
      [{ path: 'typing', value: true, unset: true }, 'invalid_params'],
    ] as const) {
      const { code: found } = await refused(() => update([good, bad]))
      expect([bad, found]).toEqual([bad, code])
    }
    expect(stack.published('config.applied')).toEqual([])
  })

  it('refuses every other key with the reason, and names what it is about', async () => {
    const error = await refused(() => update([{ path: 'whatsappd.proxy', value: 'http://127.0.0.1:1' }]))
    expect(error).toMatchObject({ code: 'config_key_refused', details: { path: ['whatsappd', 'proxy'] } })
    expect([error.message, error.action]).toEqual([
      'whatsappd.proxy is not for dashboards.',
      'Edit the config file itself.',
    ])
    const misspelt = await refused(() => update([{ path: 'typping', value: true }]))
    expect([misspelt.message, misspelt.action]).toEqual([
      'typping is no setting of an account.',
      'Did you mean "typing"?',
    ])
  })

  it.each([
    [
      'everybody',
      [
        { path: 'dmPolicy', value: 'open' },
        { path: 'allowFrom', value: ['*'] },
      ],
    ],
    ['everybody', [{ path: 'groupPolicy', value: 'open' }]],
    ['nobody', [{ path: 'allowFrom', value: [] }]],
    ['nobody', [{ path: 'allowFrom', unset: true }]],
    ['nobody', [{ path: 'dmPolicy', value: 'disabled' }]],
  ] as const)('lets %s in only when a person has confirmed it: %j', async (what, changes) => {
    const error = await refused(() => update([...changes]))
    expect(error).toMatchObject({ code: 'confirmation_required', details: { confirm: [what] } })
    const other = what === 'nobody' ? 'everybody' : 'nobody'
    expect((await refused(() => update([...changes], { confirm: [other] }))).code).toBe(
      'confirmation_required',
    )
    await update([...changes], { confirm: [what] })
  })

  it('keeps who is named while everybody is let in, so that the way back is the old list', async () => {
    await update(
      [
        { path: 'dmPolicy', value: 'open' },
        { path: 'allowFrom', value: ['*', ALICE] },
      ],
      { confirm: ['everybody'] },
    )
    const { accounts } = await client.request('config.get', {})
    expect(accounts['default']?.allowFrom).toEqual(['*', ALICE])
    await update([
      { path: 'dmPolicy', value: 'allowlist' },
      { path: 'allowFrom', value: [ALICE] },
    ])
    expect(channel()).toMatchObject({ dmPolicy: 'allowlist', allowFrom: [ALICE] })
  })

  it('hands somebody who was too late the new revision and what stands there now', async () => {
    const { revision } = await client.request('config.get', {})
    const mine = [
      { path: 'typing', value: false },
      { path: 'name', value: 'Mine' },
      { path: 'allowFrom', value: [ALICE, MALLORY] },
    ]
    stack.writeConfig([MALLORY], { name: 'Theirs' })
    const error = await refused(() => update(mine, { revision }))
    expect(error).toMatchObject({
      code: 'config_conflict',
      retryable: true,
      details: {
        values: [
          { path: ['typing'], unset: true },
          { path: ['name'], value: 'Theirs' },
          { path: ['allowFrom'], value: [MALLORY] },
        ],
      },
    })
    const merged = await update(mine, { revision: String(error.details?.['revision']) })
    expect(merged.changed).toContain('accounts.default.name')
    const late = await refused(() => client.request('config.addAllowFrom', { allowFrom: [ALICE], revision }))
    expect(late).toMatchObject({
      code: 'config_conflict',
      details: { revision: merged.revision, allowFrom: [MALLORY, ALICE] },
    })
  })

  it('tells nobody of a conflict what they may not edit', async () => {
    const { revision } = await client.request('config.get', {})
    stack.writeConfig([ALICE], {
      groups: { '*': { requireMention: true, tools: { allow: ['not for dashboards'] } } },
      agents: { echo: { connector: 'echo' } },
    })
    const error = await refused(() => update([{ path: 'groups', value: {} }], { revision }))
    expect(error.details).toMatchObject({
      values: [{ path: ['groups'], value: { '*': { requireMention: true } } }],
    })
    expect(JSON.stringify(error.details)).not.toContain('not for dashboards')
    expect((await refused(() => update([{ path: 'agents', value: {} }], { revision }))).code).toBe(
      'config_key_refused',
    )
  })

  it('keeps what other tools have inside of a setting', async () => {
    const tools = { allow: ['web'], deny: ['exec'] }
    stack.writeConfig([ALICE], {
      groups: { '*': { requireMention: true, tools }, '1203@g.us': { agent: 'echo' } },
    })
    await stack.untilEvent('config.applied')
    await update([{ path: 'groups', value: { '*': { requireMention: false } } }])
    expect(channel()['groups']).toEqual({ '*': { requireMention: false, tools } })
    await update([{ path: 'groups', unset: true }])
    expect(channel()['groups']).toEqual({ '*': { tools } })
  })

  it('finds a sender in whatever notation the number stands there', async () => {
    stack.writeConfig([ALICE], { senders: { '1 555 000 0002': { name: 'Alice' } } })
    await stack.untilEvent('config.applied')
    await update([{ path: ['senders', ALICE, 'agent'], value: 'echo' }])
    await update([{ path: ['senders', MALLORY, 'agent'], value: 'echo' }])
    expect(channel()['senders']).toEqual({
      '1 555 000 0002': { name: 'Alice', agent: 'echo' },
      [MALLORY]: { agent: 'echo' },
    })
    await refused(() => update([{ path: ['senders', '+1555', 'agent'], value: 'echo' }]))
  })

  it('is refused where the file may not be edited, for one account or for all', async () => {
    stack.writeConfig([ALICE], { accounts: { default: {}, shop: { configWrites: false } } })
    await stack.untilEvent('config.applied')
    expect((await refused(() => update([{ account: 'shop', path: 'name', value: 'x' }]))).code).toBe(
      'config_read_only',
    )
    // What stands at the root would change the shop, too.
    expect((await refused(() => update([{ path: 'typing', value: false }]))).code).toBe('config_read_only')
    await update([{ account: 'default', path: 'typing', value: false }])
    stack.writeConfig([ALICE], { configWrites: false })
    await stack.until('the change', () => stack.published('config.applied').length === 3)
    expect((await refused(() => update([{ path: 'typing', value: false }]))).code).toBe('config_read_only')
  })

  it('keeps mode and link of the file, and its comments', async () => {
    const target = join(stack.directory, 'real.json5')
    const text = stack.readConfig().replace('"allowFrom"', '// who may talk\n      "allowFrom"')
    writeFileSync(target, text)
    chmodSync(target, 0o640)
    renameSync(stack.configPath, `${stack.configPath}.old`)
    symlinkSync('real.json5', stack.configPath)
    await stack.untilEvent('config.applied')
    await update([{ path: 'name', value: 'Home' }])
    expect(lstatSync(stack.configPath).isSymbolicLink()).toBe(true)
    expect(statSync(target).mode & 0o777).toBe(0o640)
    const after = readFileSync(target, 'utf8')
    expect(after).toContain('// who may talk')
    expect(after.replace(/,\s*"name": "Home"/, '')).toBe(text)
  })
})
