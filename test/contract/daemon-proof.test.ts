import { createHmac, hkdfSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

const CHALLENGE = 'a challenge of some length'

describe('the proof that the daemon holds the local token', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  /** As `docs/protocol.md` says it is made, for programs in any language. */
  function proofFor(challenge: string, port: number): string {
    const key = Buffer.from(hkdfSync('sha256', LOCAL_TOKEN, '', 'whatsappd daemon proof 1', 32))
    return createHmac('sha256', key).update(`${challenge}\n127.0.0.1:${port}`).digest('base64url')
  }

  it('is given before the token is shown, and opens nothing by itself', async () => {
    const client = harness.connect()
    expect(await client.request('session.prove', { challenge: CHALLENGE })).toEqual({
      proof: proofFor(CHALLENGE, harness.port),
    })
    expect((await client.call('accounts.list')).error?.data.code).toBe('unauthorized')
    expect((await client.closed).code).toBe(4401)
  })

  it('goes before the token on the same socket, and may be asked for afterwards', async () => {
    const client = harness.connect()
    await client.request('session.prove', { challenge: CHALLENGE })
    await client.request('session.authenticate', { token: LOCAL_TOKEN })
    const again = `${CHALLENGE}, another one`
    expect(await client.request('session.prove', { challenge: again })).toEqual({
      proof: proofFor(again, harness.port),
    })
  })

  it.each([['short'], ['x'.repeat(129)], [17], [undefined]])(
    'is refused for the challenge %j, and the socket closed',
    async (challenge) => {
      const client = harness.connect()
      expect((await client.call('session.prove', { challenge })).error?.data.code).toBe('invalid_params')
      expect((await client.closed).code).toBe(4401)
    },
  )

  it('is given a few times without a token, and then the socket is closed', async () => {
    const client = harness.connect()
    for (let round = 0; round < 4; round += 1) await client.request('session.prove', { challenge: CHALLENGE })
    const { error } = await client.call('session.prove', { challenge: CHALLENGE })
    expect(error?.data.code).toBe('rate_limited')
    expect(await client.closed).toEqual({ code: 4429, reason: 'too_many_attempts' })
    const owner = await harness.ready()
    for (let round = 0; round < 10; round += 1) await owner.request('session.prove', { challenge: CHALLENGE })
  })

  it('buys no time without a token', async () => {
    await harness.stop()
    harness = await startHarness({ limits: { authenticationMs: 200 } })
    const client = harness.connect()
    await client.request('session.prove', { challenge: CHALLENGE })
    expect((await client.closed).code).toBe(4408)
  })

  it('is an error where the token file cannot be used', async () => {
    await harness.stop()
    harness = await startHarness({ readLocalToken: () => null })
    const { error } = await harness.connect().call('session.prove', { challenge: CHALLENGE })
    expect(error?.data.code).toBe('storage_error')
  })
})

describe('a link to the page, asked for over the WebSocket', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  it('works once for the local token', async () => {
    const client = await harness.ready()
    const { link } = await client.request('session.createLoginLink', {})
    const { origin, hash } = new URL(String(link))
    expect(origin).toBe(harness.http)
    expect(harness.loginLinks.redeem(hash.slice('#code='.length))).not.toBeNull()
  })

  it('is for nobody else, and nobody else is told of it', async () => {
    const { value: session } = harness.loginLinks.redeem(harness.loginLinks.createCode().value) ?? {}
    for (const token of [String(session), 'scoped:read,link,config,send,agent,conversations']) {
      const client = harness.connect()
      const { methods } = await client.request('session.authenticate', { token })
      expect(methods).not.toContain('session.createLoginLink')
      expect((await client.call('session.createLoginLink', {})).error?.data.code).toBe('forbidden')
    }
  })
})
