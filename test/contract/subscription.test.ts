import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView, qrOffer } from './support/fake-ports.ts'

describe('subscription', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  function publishStatus(attempt: number): void {
    const view = accountView({ attempt })
    harness.accounts.views = [view]
    harness.hub.publish('account.status', view)
  }

  const idsOf = (frames: { params?: Record<string, unknown> }[]): unknown[] =>
    frames.map((frame) => frame.params?.['eventId'])

  it('sends no event to a client that has not subscribed', async () => {
    const client = await harness.ready()
    publishStatus(1)
    harness.hub.flush()
    await client.request('session.ping')
    expect(client.events).toEqual([])
  })

  it('answers with the snapshot of accounts, offers and config', async () => {
    harness.accounts.liveOffers = [qrOffer()]
    harness.config.problems = [{ code: 'syntax', path: '', line: 3, column: 1, message: 'unexpected }' }]
    const client = await harness.ready()
    const { snapshot, eventId, replayed, gap } = await client.request('session.subscribe')
    expect({ eventId, replayed, gap }).toEqual({ eventId: 0, replayed: 0, gap: false })
    expect(snapshot).toMatchObject({
      accounts: [accountView()],
      offers: [qrOffer()],
      config: {
        revision: 'r1',
        valid: false,
        problems: harness.config.problems,
        defaultAccount: 'default',
        accounts: {
          default: {
            dmPolicy: 'allowlist',
            allowFrom: ['+15555550101'],
            agents: { llm: { model: 'small' } },
          },
        },
      },
    })
  })

  it('shows no secret and no URL of the config', async () => {
    const client = await harness.ready()
    const view = JSON.stringify(await client.request('config.get'))
    expect(view).not.toContain('secret')
  })

  it('numbers events across accounts and gives each its time', async () => {
    const client = await harness.ready()
    await client.request('session.subscribe')
    harness.hub.publish('account.status', accountView())
    harness.hub.publish('config.applied', { revision: 'r2', changed: ['channels.whatsapp.allowFrom'] })
    harness.hub.publish('account.status', accountView({ account: 'second' }))
    await client.event('account.status', (params) => params['account'] === 'second')
    expect(client.events.map(({ method, params }) => [method, params?.['eventId']])).toEqual([
      ['account.status', 1],
      ['config.applied', 2],
      ['account.status', 3],
    ])
    expect(client.events[1]?.params).toEqual({
      eventId: 2,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      revision: 'r2',
      changed: ['channels.whatsapp.allowFrom'],
    })
  })

  it('has the snapshot and the events after it fit without gap or duplicate, whenever it is taken', async () => {
    const step = fc.constantFrom('publish', 'subscribe', 'turn')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const own = await startHarness()
        try {
          const client = await own.ready()
          const answers: Promise<Record<string, unknown>>[] = []
          let published = 0
          const publish = (): void => {
            published += 1
            const view = accountView({ attempt: published })
            own.accounts.views = [view]
            own.hub.publish('account.status', view)
          }
          answers.push(client.request('session.subscribe'))
          for (const name of steps) {
            if (name === 'publish') publish()
            else if (name === 'subscribe') answers.push(client.request('session.subscribe'))
            else await new Promise((resolve) => setImmediate(resolve))
          }
          const results = await Promise.all(answers)
          publish()
          await client.event('account.status', (params) => params['attempt'] === published)
          for (const result of results) {
            const place = client.frames.findIndex((frame) => frame.result === result)
            const next = client.frames.slice(place + 1).find((frame) => frame.method === 'account.status')
            const { accounts } = result['snapshot'] as { accounts: { attempt: number | null }[] }
            expect(accounts[0]?.attempt ?? 0).toBe(result['eventId'])
            expect(next?.params?.['eventId']).toBe(Number(result['eventId']) + 1)
          }
          const ids = idsOf(client.events).map(Number)
          expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right))
        } finally {
          await own.stop()
        }
      }),
      { numRuns: 25 },
    )
  })

  it('sends what was missed since, after the answer and before what is new', async () => {
    for (const attempt of [1, 2, 3, 4]) publishStatus(attempt)
    const client = await harness.ready()
    const answer = client.call('session.subscribe', { since: 2 })
    const { result } = await answer
    publishStatus(5)
    await client.event('account.status', (params) => params['attempt'] === 5)
    expect(result).toMatchObject({ eventId: 4, replayed: 2, gap: false })
    expect(idsOf(client.events)).toEqual([3, 4, 5])
    expect(client.frames.findIndex((frame) => frame.result === result)).toBeLessThan(
      client.frames.indexOf(client.events[0] ?? {}),
    )
  })

  it('keeps number and history across a restart', async () => {
    publishStatus(1)
    publishStatus(2)
    harness.hub.flush()
    await harness.server.stop()
    harness.store.stop()
    const restarted = await startHarness({ directory: harness.directory })
    try {
      const client = await restarted.ready()
      expect(await client.request('session.subscribe', { since: 0 })).toMatchObject({
        eventId: 2,
        replayed: 2,
        gap: false,
      })
      restarted.hub.publish('account.status', accountView())
      await client.event('account.status', (params) => params['eventId'] === 3)
    } finally {
      await restarted.stop()
    }
  })

  it.each([
    ['a number from the future', 7, { replayed: 0, gap: true }],
    ['the newest number', 1, { replayed: 0, gap: false }],
    ['the beginning', 0, { replayed: 1, gap: false }],
  ])('answers to %s', async (_name, since, expected) => {
    publishStatus(1)
    const client = await harness.ready()
    expect(await client.request('session.subscribe', { since })).toMatchObject({ eventId: 1, ...expected })
  })

  it('says gap when the log no longer reaches back, and when more was missed than is sent again', async () => {
    for (let attempt = 1; attempt <= 10_600; attempt += 1) publishStatus(attempt)
    const client = await harness.ready()
    expect(await client.request('session.subscribe', { since: 10 })).toMatchObject({
      replayed: 1_000,
      gap: true,
    })
    expect(await client.request('session.subscribe', { since: 10_590 })).toMatchObject({
      replayed: 10,
      gap: false,
    })
    expect(harness.store.countAfter(0)).toBeLessThanOrEqual(10_500)
  })

  it('sends only the topics asked for, and server.stopping always', async () => {
    const client = await harness.ready()
    await client.request('session.subscribe', { topics: ['config'] })
    publishStatus(1)
    harness.hub.publish('config.applied', { revision: 'r2', changed: [] })
    await client.event('config.applied')
    await harness.server.stop()
    await client.closed
    expect(client.events.map((event) => event.method)).toEqual(['config.applied', 'server.stopping'])
  })

  it('replaces the subscription when asked again', async () => {
    const client = await harness.ready()
    await client.request('session.subscribe')
    await client.request('session.subscribe', { topics: ['config'] })
    publishStatus(1)
    harness.hub.publish('config.applied', { revision: 'r2', changed: [] })
    await client.event('config.applied')
    expect(client.events).toHaveLength(1)
  })

  it('never writes a QR or a pairing code to disk', async () => {
    const client = await harness.ready()
    await client.request('session.subscribe')
    harness.hub.publish('account.qr', qrOffer())
    harness.hub.publish('account.linkCode', {
      account: 'default',
      method: 'code',
      code: 'ABCD1234',
      phoneNumber: '+15555550101',
      expiresAt: '2026-01-02T03:05:05.000Z',
    })
    publishStatus(77)
    await client.event('account.status')
    const bytes = readdirSync(harness.directory)
      .map((name) => readFileSync(join(harness.directory, name), 'latin1'))
      .join()
    expect(bytes).toContain('"attempt":77')
    expect(bytes).not.toMatch(/secret-adv|ABCD1234/)
    for (const name of readdirSync(harness.directory)) {
      expect(statSync(join(harness.directory, name)).mode & 0o077, name).toBe(0)
    }
    const later = await harness.ready()
    expect(await later.request('session.subscribe', { since: 0 })).toMatchObject({ replayed: 1 })
  })

  it('lists blocked senders to whoever comes later, until they are allowed', async () => {
    const blocked = {
      account: 'default',
      name: 'Mallory',
      reason: 'not_allowed' as const,
      at: '2026-01-02T03:04:05.000Z',
    }
    harness.hub.publish('message.blocked', { ...blocked, phoneNumber: '+15555550199' })
    harness.hub.publish('message.blocked', { ...blocked, phoneNumber: '+15555550101' })
    harness.hub.publish('message.blocked', {
      ...blocked,
      phoneNumber: null,
      name: 'Unknown',
      reason: 'lid_unresolved',
    })
    const client = await harness.ready()
    const first = await client.request('session.subscribe')
    expect((first['snapshot'] as { blocked: { name: string }[] }).blocked.map(({ name }) => name)).toEqual([
      'Unknown',
      'Mallory',
    ])
    await client.request('config.addAllowFrom', { allowFrom: ['+15555550199'] })
    const second = await client.request('session.subscribe')
    expect((second['snapshot'] as { blocked: unknown[] }).blocked).toHaveLength(1)
  })

  it('goes on delivering when the disk refuses', async () => {
    const client = await harness.ready()
    await client.request('session.subscribe')
    harness.store.stop()
    publishStatus(1)
    await client.event('account.status')
    expect(harness.log()).toContain('events cannot be stored')
    harness.store.start()
  })
})
