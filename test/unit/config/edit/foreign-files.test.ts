import { describe, expect, it } from 'vitest'
import { removeAccountEdit } from '../../../../src/config/edit/edit-accounts.ts'
import { allowFromEdit } from '../../../../src/config/edit/edit-allow-from.ts'
import { enabledEdit } from '../../../../src/config/edit/edit-enabled.ts'
import type { ConfigEdit } from '../../../../src/config/edit/config-edit.ts'
import { type SettingChange, settingsEdit } from '../../../../src/config/edit/edit-settings.ts'
import { applied, resolve } from '../edit-corpus.ts'

/** An edit means what was asked for, whatever the file's own tool calls it; where that cannot be, it is refused. */
function edited(text: string, edit: ConfigEdit): string {
  const before = resolve(text)
  edit.prepare?.(before)
  const after = applied(edit, text, before)
  edit.check(before, resolve(after))
  return after
}

const change = (...path: string[]) => ({
  to: (value: unknown, account?: string): ConfigEdit => {
    const each: SettingChange = { path, value, ...(account === undefined ? {} : { account }) }
    return settingsEdit([each], ['everybody', 'nobody'])
  },
})
const openclaw = (channel: string): string =>
  `{ gateway: { port: 18789 }, channels: { whatsapp: { ${channel} } } }\n`
const milady = (channel: string): string => `{ connectors: { whatsapp: { ${channel} } } }\n`
const refusal = (text: string, edit: ConfigEdit): unknown => {
  try {
    return edited(text, edit)
  } catch (error) {
    return error
  }
}

describe('a setting that another key of the file decides', () => {
  it.each([
    [openclaw(''), change('blockStreaming').to(true), 'that of OpenClaw'],
    [openclaw(''), change('messagePrefix').to('🤖 '), 'that of OpenClaw'],
    [
      openclaw("streaming: { chunkMode: 'length' }"),
      change('chunkMode').to('newline'),
      'channels.whatsapp.streaming.chunkMode decides that.',
    ],
    [
      openclaw("reactionLevel: 'off'"),
      change('ackReaction', 'emoji').to('👀'),
      'reactionLevel decides that.',
    ],
    [milady('ignoreOwnMessages: true'), change('selfChatMode').to(true), 'ignoreOwnMessages decides that.'],
    [
      milady("allowedJids: ['+15555550101']"),
      allowFromEdit({ kind: 'add', account: 'default', numbers: ['+15555550102'] }),
      'connectors.whatsapp.allowedJids decides that.',
    ],
    [
      milady("allowedGroups: ['120363000000000001@g.us']"),
      change('groups', '120363000000000002@g.us').to({}),
      'allowedGroups decides that.',
    ],
    [
      openclaw('enabled: false, accounts: { work: {} }'),
      enabledEdit('work', true),
      'The whole channel is switched off',
    ],
  ])('is not edited from a dashboard: %s', (text, edit, why) => {
    expect(refusal(text, edit)).toMatchObject({
      code: 'config_key_refused',
      message: expect.stringContaining(why) as string,
    })
  })

  // A pause wrote "enabled: false" at the root, which then counted as the switch of the whole channel.
  it.each([openclaw(''), milady(''), milady("transport: 'baileys'")])(
    'does not keep a paused account from going on where the file names no accounts: %s',
    (text) => {
      const paused = edited(text, enabledEdit('default', false))
      expect(resolve(paused).accounts['default']?.enabled).toBe(false)
      expect(resolve(edited(paused, enabledEdit('default', true))).accounts['default']?.enabled).toBe(true)
    },
  )

  it('is edited where nothing else decides it', () => {
    const text = edited(openclaw("chunkMode: 'length'"), change('chunkMode').to('newline'))
    expect(resolve(text).accounts['default']?.chunkMode).toBe('newline')
    expect(edited(milady(''), change('blockStreaming').to(true))).toContain('blockStreaming: true')
  })

  it('still loses people who are taken off the list', () => {
    const text = milady("allowFrom: ['+15555550101', '+15555550102'], allowedJids: ['+15555550101']")
    const edit = allowFromEdit({ kind: 'remove', account: 'default', numbers: ['+15555550101'] })
    expect(resolve(edited(text, edit)).accounts['default']?.access.allowFrom).toEqual([])
  })
})

describe('in an OpenClaw file, where accounts inherit from accounts.default', () => {
  const listsOf = (text: string): Record<string, readonly string[]> =>
    Object.fromEntries(
      Object.entries(resolve(text).accounts).map(([id, { access }]) => [id, access.allowFrom]),
    )
  const [A, B, C] = ['+15555550101', '+15555550102', '+15555550103']
  const FILE = openclaw(
    `allowFrom: ['${A}'], accounts: { default: { allowFrom: ['${B}'] }, work: {}, shop: {} }`,
  )

  it('a new list of an account begins with the one that it inherits', () => {
    const text = edited(FILE, allowFromEdit({ kind: 'add', account: 'work', numbers: [C] }))
    expect(listsOf(text)).toEqual({ default: [B], work: [B, C], shop: [B] })
  })

  it('an edit of the list of the default account leaves the others as they are', () => {
    const text = edited(FILE, allowFromEdit({ kind: 'set', account: 'default', numbers: [C] }))
    expect(listsOf(text)).toEqual({ default: [C], work: [B], shop: [B] })
    const empty = openclaw('accounts: { default: {}, work: {} }')
    const added = edited(empty, allowFromEdit({ kind: 'add', account: 'default', numbers: [C] }))
    expect(listsOf(added)).toEqual({ default: [C], work: [] })
  })

  it.each([
    ['a policy', ['dmPolicy'], 'disabled'],
    ['a list as a whole', ['allowFrom'], [C]],
    ['the rule of a group', ['groups', '*'], { enabled: false }],
  ])('%s of the default account is refused where it would count for others', (_what, path, value) => {
    expect(refusal(FILE, change(...path).to(value, 'default'))).toMatchObject({
      code: 'config_key_refused',
      message: expect.stringContaining('who may write to work, shop') as string,
    })
    expect(edited(FILE, change(...path).to(value, 'work'))).not.toBe(FILE)
  })

  it('the account from which others inherit is not removed', () => {
    expect(refusal(FILE, removeAccountEdit('default'))).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('inherits settings from "default"') as string,
    })
    expect(Object.keys(listsOf(edited(FILE, removeAccountEdit('shop'))))).toEqual(['default', 'work'])
  })

  it('a list of groups is refused where others would get it too', () => {
    const edit = settingsEdit([{ account: 'default', path: ['groupAllowFrom'], add: [C] }], [])
    expect(refusal(FILE, edit)).toMatchObject({
      code: 'config_key_refused',
      message: expect.stringContaining('would also count for work, shop') as string,
    })
  })

  it('a text with a variable is shown as it is written also where it is inherited', () => {
    const text = openclaw("accounts: { default: { responsePrefix: '${SECRET}' }, work: {} }")
    const { accounts } = resolve(text, { SECRET: 'sk-123' })
    expect(accounts['work']).toMatchObject({
      responsePrefix: 'sk-123',
      written: { responsePrefix: '${SECRET}' },
    })
  })
})
