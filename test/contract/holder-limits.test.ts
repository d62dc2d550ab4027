import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { SECRET, authConfig, claims, hs256, secretKey } from './support/tokens.ts'
import type { WireClient } from './support/wire-client.ts'

type Issue = () => Promise<string> | string

// One read token opened all 2,048 sockets and the owner got 503; 20 sockets with 200 subscriptions each kept everybody
// waiting for seven seconds.
describe('what one holder of a token may take', () => {
  let harness: Harness
  let now: Date

  beforeEach(async () => {
    now = new Date()
    const settings = authConfig([secretKey(SECRET)], { subjects: null })
    harness = await startHarness({
      now: () => now,
      authSettings: () => settings,
      limits: { connections: 100 },
    })
  })
  afterEach(() => harness.stop())

  const dashboard =
    (scope: string, sub = 'user-1'): Issue =>
    () =>
      // Another token each time: it is the user who counts.
      hs256(claims({ scope, sub, jti: `${scope}-${Math.random()}` }, now.getTime()))
  const printed = (scope: 'read' | 'config' | 'link' | 'agent'): Issue => {
    const token = issueOwnToken(LOCAL_TOKEN, { scopes: [scope], lifetimeSeconds: 600, subject: 'local' }, now)
    return () => token
  }
  const page = (): Issue => {
    const token = harness.loginLinks.redeem(harness.loginLinks.createCode().value)?.value ?? ''
    return () => token
  }
  const IDENTITIES: [string, () => Issue][] = [
    ['a read token of a dashboard', () => dashboard('read')],
    ['a config token of a dashboard', () => dashboard('read config')],
    ['a link token of a dashboard', () => dashboard('read link')],
    ['an agent token of a dashboard', () => dashboard('agent')],
    ['a printed read token', () => printed('read')],
    ['a printed config token', () => printed('config')],
    ['a printed link token', () => printed('link')],
    ['a printed agent token', () => printed('agent')],
    ['a page session', page],
  ]

  /** Authenticates; `null` when there was no place, which the answer and the close code have to say. */
  async function enter(issue: Issue): Promise<WireClient | null> {
    const client = harness.connect()
    const { error } = await client.call('session.authenticate', { token: await issue() })
    if (error === undefined) return client
    expect(error.data).toMatchObject({ code: 'rate_limited', details: { reason: 'too_many_connections' } })
    expect(await client.closed).toEqual({ code: 4503, reason: 'too_many_connections' })
    return null
  }

  async function enterAll(issue: Issue, count: number): Promise<WireClient[]> {
    const entered = await Promise.all(Array.from({ length: count }, () => enter(issue)))
    return entered.filter((client) => client !== null)
  }

  describe.each(IDENTITIES)('%s', (_name, identity) => {
    it('opens so many sockets and no more, and the owner is not in the way of it', async () => {
      const issue = identity()
      const clients = await enterAll(issue, 66)
      expect(clients).toHaveLength(64)
      const byUpgrade = harness.connect({ protocols: ['whatsappd.v1', `bearer.${await issue()}`] })
      expect((await byUpgrade.closed).code).toBe(4503)
      expect(await enterAll(() => LOCAL_TOKEN, 10)).toHaveLength(10)
      clients[0]?.close()
      await expect.poll(async () => (await enter(issue)) !== null).toBe(true)
    })

    it('asks for so much a second over all its sockets, and nobody else is held up', async () => {
      const issue = identity()
      const clients = await enterAll(issue, 3)
      const asked = clients.flatMap((client) =>
        Array.from({ length: 150 }, async () => (await client.call('session.ping')).error?.data.code),
      )
      const codes = await Promise.all(asked)
      expect(codes.filter((code) => code === undefined)).toHaveLength(400)
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(50)
      const owner = await harness.ready()
      expect(await owner.request('session.ping')).toHaveProperty('at')
      now = new Date(now.getTime() + 1_000)
      expect(await clients[0]?.request('session.ping')).toHaveProperty('at')
    })

    it('asks over HTTP out of the same allowance', async () => {
      const token = await identity()()
      const statuses = new Set<number>()
      for (let count = 0; count < 410; count += 1) {
        const headers = { authorization: `Bearer ${token}` }
        const { status, headers: answered } = await fetch(`${harness.http}/v1/nothing`, { headers })
        statuses.add(status)
        if (status === 429) expect(answered.get('retry-after')).toBe('1')
        if (count === 399) expect([...statuses]).toEqual([404])
      }
      expect([...statuses]).toEqual([404, 429])
    })

    it('subscribes so often, and nobody else is held up', async () => {
      const clients = await enterAll(identity(), 2)
      const codes = []
      for (const client of clients) {
        for (let count = 0; count < 40; count += 1) {
          codes.push((await client.call('session.subscribe')).error?.data.details?.['reason'])
        }
      }
      expect(codes.filter((reason) => reason === undefined)).toHaveLength(64)
      expect(codes.at(-1)).toBe('too_many_subscriptions')
      const owner = await harness.ready()
      await owner.request('session.subscribe')
      now = new Date(now.getTime() + 1_000)
      await clients[0]?.request('session.subscribe')
    })
  })

  it('leaves the last places to page sessions, and of these some to the local token', async () => {
    expect(await enterAll(dashboard('read', 'user-1'), 64)).toHaveLength(64)
    expect(await enterAll(dashboard('read', 'user-2'), 20)).toHaveLength(11)
    expect(await enter(printed('read'))).toBeNull()
    expect(await enterAll(page(), 20)).toHaveLength(13)
    expect(await enterAll(() => LOCAL_TOKEN, 20)).toHaveLength(12)
  })

  it('begins no new allowance by coming back', async () => {
    const issue = dashboard('read')
    for (let round = 0; round < 8; round += 1) {
      const client = await enter(issue)
      for (let count = 0; count < 10; count += 1) {
        const reason = (await client?.call('session.subscribe'))?.error?.data.details?.['reason']
        expect(reason).toBe(round * 10 + count < 64 ? undefined : 'too_many_subscriptions')
      }
      client?.close()
      await client?.closed
    }
  })

  it('keeps its place over a new token of the same holder, and changes it with the holder', async () => {
    const clients = await enterAll(dashboard('read', 'user-1'), 64)
    await clients[0]?.request('session.authenticate', { token: await dashboard('read', 'user-1')() })
    await clients[0]?.request('session.authenticate', { token: await dashboard('read', 'user-2')() })
    expect(await enter(dashboard('read', 'user-1'))).not.toBeNull()
    expect(await enter(dashboard('read', 'user-1'))).toBeNull()
  })

  it('is more for the local token: a thousand subscriptions are its own affair', async () => {
    const clients = await enterAll(() => LOCAL_TOKEN, 100)
    const answers = await Promise.all(
      clients.flatMap((client) => Array.from({ length: 10 }, () => client.call('session.subscribe'))),
    )
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([])
    expect(await enter(() => LOCAL_TOKEN)).toBeNull()
  })

  it('does not hold up the probe: 20 sockets with 200 subscriptions each', async () => {
    const clients = await enterAll(dashboard('read'), 20)
    const until = Promise.all(
      clients.flatMap((client) =>
        // Who goes on after so many refusals is closed.
        Array.from({ length: 200 }, () =>
          Promise.race([client.call('session.subscribe', { since: 0 }), client.closed]),
        ),
      ),
    )
    let slowest = 0
    let isOver = false
    void until.finally(() => (isOver = true))
    await expect
      .poll(async () => {
        const before = performance.now()
        expect((await fetch(`${harness.http}/livez`)).status).toBe(200)
        slowest = Math.max(slowest, performance.now() - before)
        return isOver
      })
      .toBe(true)
    expect(slowest).toBeLessThan(15_000)
  })
})

describe('what nobody in particular may take', () => {
  let harness: Harness
  const standing = new Date()

  beforeEach(async () => {
    harness = await startHarness({ now: () => standing })
  })
  afterEach(() => harness.stop())

  it.each(['/readyz', '/', '/card.js', '/v1/nothing'])(
    'is so many requests from one source: %s',
    async (path) => {
      const ask = (address: string): Promise<Response> =>
        fetch(`${harness.http}${path}`, { headers: { 'x-forwarded-for': address } })
      for (let count = 0; count < 300; count += 1) expect((await ask('198.51.100.66')).status).not.toBe(429)
      const refused = await ask('198.51.100.66')
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
      expect((await ask('198.51.100.1')).status).not.toBe(429)
      expect((await fetch(`${harness.http}/livez`)).status).toBe(200)
      const headers = { authorization: `Bearer ${LOCAL_TOKEN}`, 'x-forwarded-for': '198.51.100.66' }
      expect((await fetch(`${harness.http}/v1/nothing`, { headers })).status).toBe(404)
    },
  )
})
