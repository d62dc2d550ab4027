import { afterEach, describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../src/client/client.ts'
import type { RequestError } from '../../src/client/request-error.ts'
import type { ListName } from '../../src/protocol/config/config-view.ts'
import { Stack } from '../support/stack.ts'

/** The story: from 17,000 numbers on, edits were written but answered with `internal_error`, and nobody could read the config. */
const MAX_FRAME_BYTES = 256 * 1_024

let stack: Stack | null = null
let client: WhatsappdClient

afterEach(async () => {
  client.close()
  await stack?.stop()
})

async function start(channel: Record<string, unknown>, allowFrom: string[] = []): Promise<Stack> {
  stack = await Stack.start({ allowFrom, channel })
  client = await stack.client()
  return stack
}

const many = (count: number, area = 212): string[] =>
  Array.from({ length: count }, (_, index) => `+1${area}${2_000_000 + index}`)

const sizeOf = (answer: unknown): number => Buffer.byteLength(JSON.stringify(answer))

async function everyPage(list: ListName, account = 'default'): Promise<string[]> {
  const entries: string[] = []
  for (;;) {
    const page = await client.request('config.listEntries', { account, list, offset: entries.length })
    entries.push(...page.entries)
    if (entries.length >= page.total) return entries
  }
}

const failure = (request: Promise<unknown>): Promise<RequestError> =>
  request.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: RequestError) => error,
  )

describe('22,000 numbers on the list', () => {
  const numbers = many(22_000)

  it('are counted, shown in part, and read page by page', async () => {
    await start({}, numbers)
    const config = await client.request('config.get', {})
    expect(config.accounts['default']).toMatchObject({
      allowFrom: numbers.slice(0, 500),
      allowFromTotal: 22_000,
      allowFromComplete: false,
      groupsComplete: true,
      sendersTotal: 0,
    })
    const { snapshot } = await client.request('session.subscribe', {})
    expect(snapshot.config).toEqual(config)
    expect((await client.request('accounts.list', {})).total).toBe(1)
    expect(await everyPage('allowFrom')).toEqual(numbers)
  })

  it('are searched by number and by name, however the number is typed', async () => {
    const last = numbers.at(-1) ?? ''
    await start({ senders: { [last]: { name: 'Zoë' } } }, numbers)
    const search = (filter: string, list: ListName = 'allowFrom') =>
      client.request('config.listEntries', { list, filter })
    for (const filter of ['zoë', '+1 (212) 202-1999'])
      expect(await search(filter), filter).toMatchObject({
        entries: [last],
        names: { [last]: 'Zoë' },
        total: 1,
      })
    expect(await search('zoë', 'senders')).toMatchObject({ entries: [last], total: 1 })
    expect(await search('+1212')).toMatchObject({ entries: numbers.slice(0, 500), total: 22_000 })
    expect(await search('nobody')).toMatchObject({ entries: [], names: {}, total: 0 })
    const page = await client.request('config.listEntries', {
      list: 'allowFrom',
      filter: '99',
      offset: 3,
      limit: 2,
    })
    expect(page.entries).toEqual(numbers.filter((number) => number.includes('99')).slice(3, 5))
  })

  it('are edited entry by entry, and every answer fits', async () => {
    await start({}, numbers)
    const added = await client.request('config.addAllowFrom', { allowFrom: ['+12139999999'] })
    expect(added).toMatchObject({ allowFromTotal: 22_001, allowFromComplete: false })
    expect(added.allowFrom).toEqual(numbers.slice(0, 500))
    const removed = await client.request('config.removeAllowFrom', { allowFrom: numbers.slice(0, 1_000) })
    expect(removed).toMatchObject({ allowFromTotal: 21_001, allowFrom: numbers.slice(1_000, 1_500) })
    expect(await everyPage('allowFrom')).toEqual([...numbers.slice(1_000), '+12139999999'])
  })

  it('are replaced only by somebody who says that they mean all of them', async () => {
    const { readConfig } = await start({}, numbers).then((started) => ({
      readConfig: () => started.readConfig(),
    }))
    const before = readConfig()
    const { revision } = await client.request('config.get', {})
    const whole = numbers.slice(1, 500)
    const refusals = [
      await failure(client.request('config.setAllowFrom', { allowFrom: whole, revision })),
      await failure(client.request('config.update', { changes: [{ path: 'allowFrom', value: whole }] })),
      await failure(
        client.request('config.update', {
          changes: [{ account: 'default', path: 'allowFrom', value: [...whole, '*'] }],
          confirm: ['everybody'],
        }),
      ),
    ]
    for (const { code, details } of refusals) {
      expect(code).toBe('confirmation_required')
      expect(details).toEqual({
        confirm: ['wholeList'],
        lists: [{ account: 'default', list: 'allowFrom', total: 22_000 }],
      })
    }
    expect(readConfig()).toBe(before)
    const replaced = await client.request('config.setAllowFrom', { allowFrom: whole, confirm: ['wholeList'] })
    expect(replaced).toMatchObject({ allowFrom: whole, allowFromTotal: 499, allowFromComplete: true })
  })

  it('are opened to everybody and closed again without sending the list', async () => {
    await start({}, numbers)
    await client.request('config.update', {
      changes: [
        { path: 'dmPolicy', value: 'open' },
        { path: 'allowFrom', add: ['*'] },
      ],
      confirm: ['everybody'],
    })
    expect((await client.request('config.get', {})).accounts['default']).toMatchObject({
      dmPolicy: 'open',
      allowFromTotal: 22_001,
    })
    await client.request('config.update', {
      changes: [
        { path: 'dmPolicy', value: 'allowlist' },
        { path: 'allowFrom', remove: ['*'] },
      ],
    })
    expect(await everyPage('allowFrom')).toEqual(numbers)
  })

  it('do not keep a conflict from being told', async () => {
    await start({}, numbers)
    const { code, details } = await failure(
      client.request('config.addAllowFrom', { allowFrom: ['+12139999999'], revision: 'older' }),
    )
    expect(code).toBe('config_conflict')
    expect(details).toMatchObject({
      allowFrom: numbers.slice(0, 500),
      allowFromTotal: 22_000,
      allowFromComplete: false,
    })
  })
})

it('shows several accounts with long lists of their own and inherited ones', async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `shop${index}`)
  const accounts = Object.fromEntries(ids.map((id) => [id, { enabled: false }]))
  await start({ accounts: { ...accounts, shop9: { enabled: false, allowFrom: many(3) } } }, many(2_000))
  const config = await client.request('config.get', {})
  expect(sizeOf(config)).toBeLessThan(MAX_FRAME_BYTES / 2)
  for (const id of ids.slice(0, 9)) {
    expect(config.accounts[id]).toMatchObject({ allowFromTotal: 2_000, allowFromComplete: false })
    expect(config.accounts[id]?.allowFrom.length).toBeGreaterThan(400)
  }
  expect(config.accounts['shop9']).toMatchObject({ allowFrom: many(3), allowFromComplete: true })
  expect(await everyPage('allowFrom', 'shop4')).toEqual(many(2_000))
  // An account that inherits gets a list of its own, without losing what it has.
  await client.request('config.update', {
    changes: [{ account: 'shop4', path: 'allowFrom', remove: many(1) }],
  })
  expect(await everyPage('allowFrom', 'shop4')).toEqual(many(2_000).slice(1))
  expect(await everyPage('allowFrom', 'shop5')).toEqual(many(2_000))
})

it('shows every other long list by the same rules', async () => {
  const groups = Array.from({ length: 3_000 }, (_, index) => `12036300000${10_000 + index}@g.us`)
  const name = 'Wilhelmina Alexandra '.repeat(4)
  await start(
    {
      groupAllowFrom: [...many(4_000, 213), ...groups],
      groups: Object.fromEntries(groups.map((group) => [group, { requireMention: false }])),
      senders: Object.fromEntries(many(2_000).map((number) => [number, { name }])),
    },
    many(3),
  )
  const config = await client.request('config.get', {})
  expect(sizeOf(config)).toBeLessThan(MAX_FRAME_BYTES / 2)
  const view = config.accounts['default']
  expect(view).toMatchObject({
    allowFromComplete: true,
    groupAllowFromTotal: 7_000,
    groupAllowFromComplete: false,
    groupsTotal: 3_000,
    groupsComplete: false,
    sendersTotal: 2_000,
    sendersComplete: false,
  })
  expect(await everyPage('groups')).toEqual(groups)
  const page = await client.request('config.listEntries', { list: 'senders', offset: 1_999 })
  expect(page.values).toEqual({ [many(2_000)[1_999] ?? '']: { agent: null, name: name.trim() } })
  for (const path of ['groupAllowFrom', 'groups', 'senders']) {
    const value = path === 'groupAllowFrom' ? [] : {}
    const { code } = await failure(client.request('config.update', { changes: [{ path, value }] }))
    expect(code).toBe('confirmation_required')
  }
  // What is set for one of them concerns no other.
  await client.request('config.update', {
    changes: [{ path: ['senders', many(1)[0] ?? '', 'name'], value: 'Ann' }],
  })
  expect(
    (await client.request('config.get', {})).accounts['default']?.senders?.[many(1)[0] ?? '']?.name,
  ).toBe('Ann')
})

it('counts what is worth saying instead of saying all of it', async () => {
  await start({}, [...many(400), ...many(400)])
  const config = await client.request('config.get', {})
  expect(config.notices).toHaveLength(25)
  expect(config.noticesTotal).toBe(400)
  expect(config.accounts['default']?.allowFromTotal).toBe(400)
})
