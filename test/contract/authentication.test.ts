import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { METHOD_NAMES, METHODS } from '../../src/protocol/methods.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView } from './support/fake-ports.ts'
import type { WireClient } from './support/wire-client.ts'

describe('authentication', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness({ limits: { authenticationMs: 300 } })
  })
  afterEach(() => harness.stop())

  it('greets first, with the range of protocol versions', async () => {
    const client = harness.connect()
    await client.hello()
    expect(client.frames[0]).toEqual({
      jsonrpc: '2.0',
      method: 'server.hello',
      params: { name: 'whatsappd', version: '1.2.3', minProtocolVersion: 1, maxProtocolVersion: 1 },
    })
  })

  it('accepts the local token in the first message', async () => {
    const client = harness.connect()
    const { result } = await client.call('session.authenticate', { token: LOCAL_TOKEN })
    expect(result).toEqual({
      scopes: ['read', 'link', 'config', 'send', 'agent', 'conversations', 'metrics'],
      expiresAt: null,
      methods: METHOD_NAMES,
    })
  })

  it('accepts it with the end of the line that a file has', async () => {
    const client = harness.connect()
    expect(await client.request('session.authenticate', { token: `${LOCAL_TOKEN}\n` })).toHaveProperty(
      'scopes',
    )
  })

  it('tells a narrow token what it may call, so that a viewer offers nothing else', async () => {
    const client = harness.connect()
    const { result } = await client.call('session.authenticate', { token: 'scoped:read' })
    const { methods } = METHODS['session.authenticate'].result.parse(result)
    expect(methods).toContain('config.get')
    expect(methods.filter((name) => /link|AllowFrom|disconnect/.test(name))).toEqual([])
  })

  it('closes with 4401 after a wrong token, and says so first', async () => {
    const client = harness.connect()
    const { error } = await client.call('session.authenticate', { token: 'wrong' })
    expect(error).toMatchObject({ code: -32001, data: { code: 'unauthorized', retryable: false } })
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
  })

  it('closes with 4408 when nothing arrives in time', async () => {
    const client = harness.connect()
    expect(await client.closed).toEqual({ code: 4408, reason: 'authentication_timeout' })
    expect(client.frames).toHaveLength(1)
  })

  it('gives an unauthenticated client nothing but the greeting', async () => {
    const client = harness.connect()
    await client.hello()
    harness.hub.publish('account.status', accountView())
    harness.hub.flush()
    const answer = await client.call('accounts.list')
    expect(answer.error?.data.code).toBe('unauthorized')
    expect((await client.closed).code).toBe(4401)
    expect(client.frames.map((frame) => frame.method ?? 'answer')).toEqual(['server.hello', 'answer'])
  })

  it.each([
    ['no JSON', '{', 'parse_error'],
    ['no request', '{}', 'invalid_request'],
    ['a method that is not there', '{"jsonrpc":"2.0","id":1,"method":"accounts.destroy"}', 'unauthorized'],
    ['bad parameters', '{"jsonrpc":"2.0","id":1,"method":"session.authenticate"}', 'invalid_params'],
  ])('closes at once when the first message is %s', async (_name, text, code) => {
    const client = harness.connect()
    await client.hello()
    client.sendText(text)
    expect((await client.frame((frame) => frame.error !== undefined)).error?.data.code).toBe(code)
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
  })

  it('keeps the deadline from an authenticated client', async () => {
    const client = await harness.ready()
    const late = harness.connect()
    await late.closed
    expect(await client.request('session.ping')).toHaveProperty('at')
  })

  it('authenticates by subprotocol and echoes only the name', async () => {
    const client = harness.connect({ protocols: ['whatsappd.v1', `bearer.${LOCAL_TOKEN}`] })
    await client.hello()
    expect(client.socket.protocol).toBe('whatsappd.v1')
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
  })

  it('closes a wrong subprotocol token with 4401, and says why first', async () => {
    const client = harness.connect({ protocols: ['whatsappd.v1', 'bearer.wrong'] })
    expect((await client.closed).code).toBe(4401)
    expect(client.frames[1]).toMatchObject({
      id: null,
      error: { data: { code: 'unauthorized', details: { reason: 'invalid_token' } } },
    })
    expect(client.frames).toHaveLength(2)
  })

  it('does not try a second token on one socket', async () => {
    const client = harness.connect()
    await client.call('session.authenticate', { token: 'wrong' })
    client.sendText(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 9,
        method: 'session.authenticate',
        params: { token: LOCAL_TOKEN },
      }),
    )
    expect((await client.closed).code).toBe(4401)
    expect(client.frames.some((frame) => frame.id === 9)).toBe(false)
  })

  it('slows down guessing, and never the owner', async () => {
    await harness.stop()
    const standing = new Date()
    harness = await startHarness({ now: () => standing })
    const codes: number[] = []
    for (let attempt = 0; attempt < 32; attempt += 1) {
      const guesser = harness.connect({ protocols: ['whatsappd.v1', `bearer.guess-${attempt}`] })
      codes.push((await guesser.closed).code)
    }
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 4401))
    expect(codes.at(-1)).toBe(4429)
    const body = JSON.stringify({ code: 'guess' })
    expect((await fetch(`${harness.http}/v1/session`, { method: 'POST', body })).status).toBe(429)
    await harness.ready()
    const { value } = harness.loginLinks.createCode()
    const trade = await fetch(`${harness.http}/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ code: value }),
    })
    expect(trade.status).toBe(200)
  })

  // Refusing the newest would keep the owner out for as long as somebody holds idle sockets open.
  it('never lets idle sockets keep the owner out: the oldest of the busiest source gives way', async () => {
    await harness.stop()
    harness = await startHarness({ limits: { unauthenticatedConnections: 3, authenticationMs: 20_000 } })
    const from = (address: string): WireClient =>
      harness.connect({ headers: { 'x-forwarded-for': `203.0.113.9, ${address}` } })
    const owner = from('198.51.100.1')
    await owner.hello()
    const idle = [from('198.51.100.66')]
    await idle[0]?.hello()
    for (let count = 0; count < 5; count += 1) {
      const next = from('198.51.100.66')
      await next.hello()
      idle.push(next)
    }
    expect((await idle[0]?.closed)?.code).toBe(1006)
    expect(idle.filter(({ socket }) => socket.readyState === socket.OPEN)).toHaveLength(2)
    await owner.authenticate(LOCAL_TOKEN)
    const bearer = harness.connect({ protocols: ['whatsappd.v1', `bearer.${LOCAL_TOKEN}`] })
    expect(await bearer.request('accounts.list')).toHaveProperty('accounts')
  })

  it('counts failures by where they come from', async () => {
    await harness.stop()
    const standing = new Date()
    harness = await startHarness({ now: () => standing })
    const guess = async (address: string): Promise<number> => {
      const headers = { 'x-forwarded-for': address }
      return (await harness.connect({ protocols: ['whatsappd.v1', 'bearer.guess'], headers }).closed).code
    }
    for (let attempt = 0; attempt < 30; attempt += 1) await guess('198.51.100.66')
    expect(await guess('198.51.100.66')).toBe(4429)
    expect(await guess('198.51.100.1')).toBe(4401)
  })

  it('judges what was sent behind a token by that token, without waiting for its answer', async () => {
    const client = harness.connect()
    await client.hello()
    const request = (id: number, method: string, params = {}): string =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params })
    client.sendText(request(1, 'session.authenticate', { token: LOCAL_TOKEN }))
    client.sendText(request(2, 'accounts.list'))
    client.sendText(request(3, 'session.authenticate', { token: 'scoped:link' }))
    client.sendText(request(4, 'accounts.list'))
    client.sendText(request(5, 'session.authenticate', { token: 'wrong' }))
    client.sendText(request(6, 'accounts.cancelLink'))
    await client.frame(({ id }) => id === 6)
    const answers = client.frames.filter(({ id }) => typeof id === 'number')
    expect(answers.map(({ id, error }) => [id, error?.data.code])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [4, 'forbidden'],
      [5, 'unauthorized'],
      [6, undefined],
    ])
    expect(harness.accounts.calls).toEqual([{ method: 'cancelLink', account: 'default' }])
  })

  // A renewal that failed for a moment ended a page whose token was good for minutes.
  it('keeps the token of a living socket until its end when another one is refused', async () => {
    const client = await harness.ready('scoped:read')
    const { error } = await client.call('session.authenticate', { token: 'wrong' })
    expect(error?.data).toMatchObject({ code: 'unauthorized', details: { reason: 'invalid_token' } })
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
    expect((await client.call('accounts.link')).error?.data.code).toBe('forbidden')
    await client.authenticate('scoped:link')
    expect((await client.call('accounts.list')).error?.data.code).toBe('forbidden')
  })

  it('does not let a living socket guess tokens without end', async () => {
    await harness.stop()
    const standing = new Date()
    harness = await startHarness({ now: () => standing })
    const client = await harness.ready()
    for (let attempt = 0; attempt < 31; attempt += 1)
      await client.call('session.authenticate', { token: `guess-${attempt}` })
    expect(await client.closed).toEqual({ code: 4429, reason: 'too_many_attempts' })
  })

  it('authenticates by the header of the upgrade, for clients that can set one', async () => {
    const client = harness.connect({ headers: { authorization: `Bearer ${LOCAL_TOKEN}` } })
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
  })

  it('closes a first message that is larger than 8 KiB with 1009, counted in bytes', async () => {
    const client = harness.connect()
    await client.hello()
    client.sendText('é'.repeat(4_097))
    expect(await client.closed).toEqual({ code: 1009, reason: 'payload_too_big' })
  })

  it('writes no token to the log', async () => {
    const client = harness.connect({ protocols: ['whatsappd.v1', 'bearer.wrong-secret-token'] })
    await client.closed
    const other = harness.connect()
    await other.call('session.authenticate', { token: 'another-secret-token' })
    await other.closed
    expect(harness.log()).not.toContain('secret-token')
  })
})
