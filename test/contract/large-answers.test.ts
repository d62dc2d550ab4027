import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SqliteEventStore } from '../../src/control/events/event-store.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { DaemonError } from '../../src/protocol/errors.ts'
import { METHOD_NAMES, METHODS } from '../../src/protocol/methods.ts'
import type { EventName } from '../../src/protocol/events.ts'
import { isPrintable } from '../../src/protocol/text/printable.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { methodParams } from '../support/method-params.ts'
import { accountView, outboxEntry } from './support/fake-ports.ts'
import type { WireClient } from './support/wire-client.ts'

/*
 * A stranger's name of 300,000 characters made `session.subscribe` fail for everybody, over restarts as well. However much
 * there is to tell, each answer and each event fits into a frame and says what it left out.
 */

const FRAME_BYTES = 256 * 1_024
const AT = '2026-01-02T03:04:05.000Z'
const LONG = '\u202Ey\u001B[31m'.padEnd(300_000, 'x')

let harness: Harness
let directory: string | null = null

afterEach(async () => {
  await harness.stop()
  if (directory !== null) rmSync(directory, { recursive: true, force: true })
  directory = null
})

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Whatever can be long is. */
function fill({ accounts, config, hub }: Harness): void {
  accounts.views = Array.from({ length: 300 }, (_, index) =>
    accountView({ account: `a${index}`, name: LONG.slice(0, 3_000), displayName: LONG.slice(0, 3_000) }),
  )
  accounts.views.push(accountView({ displayName: LONG }), accountView({ account: 'second' }))
  accounts.unsent = Array.from({ length: 100 }, () =>
    outboxEntry({ text: LONG.slice(0, 6_000), conversation: LONG.slice(0, 3_000) }),
  )
  config.problems = Array.from({ length: 300 }, () => ({
    code: 'unknown_key',
    path: LONG.slice(0, 3_000),
    line: 1,
    column: 1,
    message: LONG.slice(0, 3_000),
  }))
  for (const id of ['default', 'second']) {
    const account = config.current.accounts[id]
    if (account === undefined) throw new Error(`no account ${id}`)
    const senders = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [
        `+1555${1_000_000 + index}`,
        { agent: null, name: LONG.slice(0, 90) },
      ]),
    )
    config.current = {
      ...config.current,
      accounts: { ...config.current.accounts, [id]: { ...account, senders } },
    }
  }
  for (let index = 0; index < 60; index += 1) {
    hub.publish('message.blocked', {
      account: 'default',
      phoneNumber: `+1555${2_000_000 + index}`,
      name: LONG,
      at: AT,
      reason: 'not_allowed',
    })
  }
}

const PARAMS = {
  ...methodParams({
    person: '+15555550101',
    stranger: '+15555550103',
    message: 'a',
    otherMessage: 'a',
    account: 'second',
  }),
  'config.listEntries': { list: 'senders' },
}

describe('an answer', () => {
  it.each(METHOD_NAMES.filter((name) => name !== 'session.authenticate'))(
    'to %s fits into a frame, whatever there is to tell',
    async (method) => {
      harness = await startHarness({
        agents: {
          attach: () => ({ accounts: ['default'] }),
          take: () => null,
          takePosted: () => Promise.resolve(),
          offeredFile: () => null,
          list: () => [],
        },
      })
      fill(harness)
      const client = await harness.ready()
      const answer = await client.call(method, PARAMS[method])
      expect(answer.error).toBeUndefined()
      expect(bytesOf(answer)).toBeLessThanOrEqual(FRAME_BYTES)
      expect(METHODS[method].result.safeParse(answer.result).error).toBeUndefined()
    },
  )

  it('says which texts are not whole, and a page of accounts how many there are', async () => {
    harness = await startHarness()
    fill(harness)
    const client = await harness.ready()
    const { truncated, accounts, total } = (await client.request('accounts.list')) as {
      truncated?: { path: string; total: number; kept: number }[]
      accounts: { account: string }[]
      total: number
    }
    expect(truncated).toContainEqual(expect.objectContaining({ path: 'accounts[].name' }))
    expect([accounts.length, total]).toEqual([100, 302])
    const next = (await client.request('accounts.list', { after: accounts.at(-1)?.account })) as {
      accounts: unknown[]
    }
    expect(next.accounts).toHaveLength(100)
    expect(next.accounts).not.toContainEqual(expect.objectContaining({ account: accounts[0]?.account }))
  })

  it('says nothing of the kind when it is whole', async () => {
    harness = await startHarness()
    const client = await harness.ready()
    for (const method of ['accounts.list', 'config.get', 'session.subscribe', 'outbox.list'])
      expect(await client.request(method)).not.toHaveProperty('truncated')
  })

  it('that refuses keeps its code, however long its details are', async () => {
    harness = await startHarness()
    harness.config.failure = new DaemonError('config_conflict', {
      message: LONG,
      details: { revision: 'r7', allowFrom: Array.from({ length: 50_000 }, () => '+15550000000') },
    })
    const client = await harness.ready()
    const answer = await client.call('config.addAllowFrom', { allowFrom: ['+15550000001'] })
    expect(answer.error?.data).toMatchObject({
      code: 'config_conflict',
      details: { revision: 'r7' },
      truncated: expect.arrayContaining([expect.objectContaining({ path: 'data.details.allowFrom' })]),
    })
    expect(bytesOf(answer)).toBeLessThanOrEqual(FRAME_BYTES)
  })
})

describe('an event', () => {
  it('with a long text or list is stored and sent short', async () => {
    harness = await startHarness()
    const client = await harness.ready()
    await client.request('session.subscribe')
    harness.hub.publish('config.rejected', {
      code: 'syntax',
      path: LONG,
      line: 1,
      column: 1,
      message: LONG,
    })
    harness.hub.publish('config.applied', {
      revision: 'r2',
      changed: Array.from({ length: 50_000 }, (_, index) => `channels.whatsapp.senders.${index}`),
    })
    const rejected = await client.event('config.rejected')
    const applied = await client.event('config.applied')
    expect(bytesOf(rejected)).toBeLessThan(5_000)
    expect(bytesOf(applied)).toBeLessThanOrEqual(33 * 1_024)
    const { changed, truncated } = applied.params as { changed: unknown[]; truncated: unknown }
    expect(truncated).toEqual([{ path: 'changed', total: 50_000, kept: changed.length }])
    const stored = harness.store.after(0, 10)
    expect(stored).toHaveLength(2)
    for (const { payload } of stored) expect(payload.length).toBeLessThanOrEqual(33 * 1_024)
  })
})

describe('a log that an earlier version wrote', () => {
  async function startOn(rows: readonly { name: string; payload: unknown }[]): Promise<WireClient> {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-control-'))
    const logger = createLogger({ level: 'silent' })
    const store = new SqliteEventStore(join(directory, 'daemon.db'), { logger, now: Date.now })
    store.start()
    store.append(
      rows.map(({ name, payload }, index) => ({
        id: index + 1,
        at: AT,
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
        // What an older or newer version called its events.
        name: name as EventName,
      })),
    )
    store.stop()
    harness = await startHarness({ directory })
    return harness.ready()
  }

  const blocked = (index: number, name: string): { name: string; payload: unknown } => ({
    name: 'message.blocked',
    payload: {
      account: 'default',
      phoneNumber: `+1555${1_000_000 + index}`,
      name,
      reason: 'not_allowed',
      at: AT,
    },
  })

  it.each([
    ['one name of 300,000 characters', [blocked(0, LONG)], 1],
    [
      '55 names of 6,000 characters',
      Array.from({ length: 55 }, (_, index) => blocked(index, 'é'.repeat(6_000))),
      50,
    ],
    ['300 names of 300,000 characters', Array.from({ length: 300 }, (_, index) => blocked(index, LONG)), 50],
  ])('with %s: every dashboard subscribes, and sees who was blocked', async (_what, rows, shown) => {
    const client = await startOn(rows)
    const { snapshot, ...start } = (await client.request('session.subscribe', { since: 0 })) as {
      snapshot: { blocked: { phoneNumber: string; name: string }[] }
      replayed: number
      eventId: number
    }
    expect(start.eventId).toBe(rows.length)
    expect(snapshot.blocked).toHaveLength(shown)
    for (const { name } of snapshot.blocked) {
      expect(name.length).toBeLessThanOrEqual(100)
      expect(isPrintable(name)).toBe(true)
    }
    await client.frame(() => client.events.length === start.replayed)
    for (const event of client.events) expect(bytesOf(event)).toBeLessThan(1_000)
  })

  it('with more than a peer may leave unread: the newest come, and the answer says that some are missing', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      name: 'message.received',
      payload: {
        account: 'default',
        phoneNumber: null,
        name: 'n',
        at: AT,
        messageId: `${index} ${LONG.slice(0, 6_000)}`,
        conversation: 'c',
      },
    }))
    const client = await startOn(rows)
    const start = (await client.request('session.subscribe', { since: 0 })) as {
      replayed: number
      gap: boolean
    }
    expect(start.gap).toBe(true)
    expect(start.replayed).toBeGreaterThan(100)
    await client.event('message.received', ({ eventId }) => eventId === 1_000)
    expect(bytesOf(client.events)).toBeLessThan(750 * 1_024)
  })

  it('with what is no event of this version, or no JSON: it is left out', async () => {
    const client = await startOn([
      { name: 'message.blocked', payload: '{"account":"defau' },
      { name: 'message.blocked', payload: 'null' },
      { name: 'message.sung', payload: { account: 'default' } },
      { name: '__proto__', payload: { account: 'default' } },
      blocked(1, 'Mallory'),
    ])
    const { snapshot, replayed } = (await client.request('session.subscribe', { since: 0 })) as {
      snapshot: { blocked: unknown[] }
      replayed: number
    }
    expect(snapshot.blocked).toHaveLength(1)
    expect(replayed).toBe(1)
  })

  it('is made short where it is read, so that it costs time once', async () => {
    const client = await startOn([blocked(0, LONG), blocked(1, 'x'.repeat(2_000_000))])
    await client.request('session.subscribe', { since: 0 })
    const sizes = harness.store.after(0, 10).map(({ payload }) => payload.length)
    expect(sizes).toHaveLength(1)
    expect(sizes[0]).toBeLessThan(1_000)
  })
})
