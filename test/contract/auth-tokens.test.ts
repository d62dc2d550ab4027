import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthConfig, JwtKeyConfig } from '../../src/config/auth-config.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import {
  AUDIENCE,
  OTHER_SECRET,
  SECRET,
  SUBJECT,
  authConfig,
  claims,
  ed25519,
  eddsa,
  es256,
  hs256,
  p256,
  publicKey,
  rs256,
  rsa,
  secretKey,
} from './support/tokens.ts'

const MINUTE_SECONDS = 60
/** A second, on a machine that does a lot besides. */
const SOON_MS = 15_000

describe('tokens of a dashboard', () => {
  let harness: Harness
  let settings: AuthConfig
  let localToken: string | null = 'the-local-token'
  const env: NodeJS.ProcessEnv = {}

  beforeEach(async () => {
    localToken = 'the-local-token'
    settings = authConfig([secretKey(SECRET)])
    harness = await startHarness({ authSettings: () => settings, readLocalToken: () => localToken, env })
  })
  afterEach(() => harness.stop())

  /** What `session.authenticate` answers, or the reason of the refusal. */
  async function attempt(token: string): Promise<unknown> {
    const client = harness.connect()
    const { result, error } = await client.call('session.authenticate', { token })
    client.close()
    return result?.['scopes'] ?? error?.data.details?.['reason']
  }

  it.each([
    ['HS256 with a shared secret', secretKey(SECRET), hs256],
    ['RS256 with an RSA key', publicKey(rsa.publicKey), rs256],
    ['ES256 with a P-256 key', publicKey(p256.publicKey), es256],
    ['EdDSA with an Ed25519 key', publicKey(ed25519.publicKey), eddsa],
  ])(
    'are accepted: %s',
    async (_name, key: JwtKeyConfig, sign: (payload: Record<string, unknown>) => string) => {
      settings = authConfig([key])
      expect(await attempt(sign(claims({ scope: 'read link' })))).toEqual(['read', 'link'])
      expect(await attempt(sign(claims({ aud: 'sandbox-2' })))).toBe('wrong_audience')
    },
  )

  it('tell when they expire, and name only the methods that they may call', async () => {
    const payload = claims({ scope: ['config'] })
    const { result } = await harness.connect().call('session.authenticate', { token: hs256(payload) })
    expect(result).toMatchObject({
      scopes: ['config'],
      expiresAt: new Date(Number(payload['exp']) * 1_000).toISOString(),
    })
  })

  it('may be for several audiences, and scopes of other systems count for nothing', async () => {
    const token = hs256(claims({ aud: ['somebody-else', AUDIENCE], scope: 'openid read admin * READ' }))
    expect(await attempt(token)).toEqual(['read'])
  })

  it('may come from a clock that differs a little, but end an hour from now at the latest', async () => {
    const now = Math.floor(Date.now() / 1_000)
    expect(await attempt(hs256(claims({ iat: now + 10, nbf: now + 10, exp: now + 3_600 })))).toContain('read')
    expect(await attempt(hs256(claims({ iat: now - 20, exp: now + 3_600 })))).toContain('read')
    expect(await attempt(hs256(claims({ iat: now + 25, nbf: now, exp: now + 25 + 3_600 })))).toBe(
      'token_lives_too_long',
    )
    expect(await attempt(hs256(claims({ iat: now + 60, nbf: now, exp: now + 900 })))).toBe(
      'token_not_yet_valid',
    )
  })

  it('need the scope claim, or what the config gives those without one', async () => {
    const without = (): string => hs256(claims({ scope: undefined }))
    expect(await attempt(without())).toEqual([])
    settings = { ...settings, claims: { ...settings.claims, defaultScopes: ['read', 'link'] } }
    expect(await attempt(without())).toEqual(['read', 'link'])
    expect(await attempt(hs256(claims({ scope: '' })))).toEqual([])
    settings = { ...settings, claims: { ...settings.claims, scope: 'permissions' } }
    expect(await attempt(hs256(claims({ permissions: ['config'] })))).toEqual(['config'])
  })

  it('of every user of the issuer count only where the config says so', async () => {
    expect(await attempt(hs256(claims({ sub: 'user-2' })))).toBe('wrong_subject')
    settings = { ...settings, subjects: null }
    expect(await attempt(hs256(claims({ sub: 'user-2' })))).toContain('read')
    expect(await attempt(hs256(claims({ sub: '' })))).toBe('wrong_subject')
  })

  // A gateway in this field signs its tokens exactly so: no scope, the user under a name of its own, one type for each use.
  it('of an issuer with its own names are a matter of configuration', async () => {
    env['AUTH_SECRET'] = 'the-auth-secret-of-a-nextjs-application-32+'
    settings = {
      jwtKeys: [{ id: null, secret: { env: 'AUTH_SECRET' } }],
      issuer: 'exponential',
      audience: 'whatsapp-sandbox-7',
      subjects: ['clx3k2v9e0000'],
      claims: {
        subject: 'userId',
        scope: 'scope',
        defaultScopes: ['read', 'link', 'config'],
        required: { tokenType: 'whatsapp-gateway' },
      },
      metricsToken: null,
      revoked: [],
    }
    const iat = Math.floor(Date.now() / 1_000)
    const payload = {
      userId: 'clx3k2v9e0000',
      sub: 'clx3k2v9e0000',
      email: 'owner@example.com',
      name: 'Owner',
      iat,
      exp: iat + 60 * MINUTE_SECONDS,
      nbf: iat,
      jti: 'c2f6e8f0-7d0c-4a51-9d8c-2f1c61b7f1a3',
      tokenType: 'whatsapp-gateway',
      aud: 'whatsapp-sandbox-7',
      iss: 'exponential',
    }
    const sign = (changes: Record<string, unknown> = {}): string =>
      hs256({ ...payload, ...changes }, env['AUTH_SECRET'])
    expect(await attempt(sign())).toEqual(['read', 'link', 'config'])
    expect(await attempt(sign({ tokenType: 'session' }))).toBe('wrong_claim')
    expect(await attempt(sign({ tokenType: undefined }))).toBe('wrong_claim')
    expect(await attempt(sign({ userId: 'somebody-else' }))).toBe('wrong_subject')
    expect(await attempt(sign({ exp: iat + 120 * MINUTE_SECONDS }))).toBe('token_lives_too_long')
    const client = await harness.ready(sign())
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
    expect((await client.call('outbox.list')).error?.data.code).toBe('forbidden')
  })

  it('are verified by two keys at once while one takes the place of the other', async () => {
    const [old, next] = [(): string => hs256(claims(), SECRET), (): string => hs256(claims(), OTHER_SECRET)]
    expect([await attempt(old()), await attempt(next())]).toEqual([expect.anything(), 'invalid_token'])
    settings = authConfig([secretKey(SECRET), secretKey(OTHER_SECRET)])
    expect([await attempt(old()), await attempt(next())]).not.toContain('invalid_token')
    settings = authConfig([secretKey(OTHER_SECRET)])
    expect([await attempt(old()), await attempt(next())]).toEqual(['invalid_token', expect.anything()])
  })

  it('that name their key are verified by that one alone', async () => {
    settings = authConfig([secretKey(SECRET, 'old'), secretKey(OTHER_SECRET, 'new')])
    expect(await attempt(hs256(claims(), SECRET, { kid: 'old' }))).toContain('read')
    expect(await attempt(hs256(claims(), SECRET, { kid: 'new' }))).toBe('invalid_token')
    expect(await attempt(hs256(claims(), SECRET, { kid: 'unknown' }))).toBe('invalid_token')
    expect(await attempt(hs256(claims(), SECRET))).toContain('read')
  })

  it.each<[string, (before: AuthConfig) => AuthConfig]>([
    ['its key is gone', () => authConfig([secretKey(OTHER_SECRET)])],
    ['its id is revoked', (before) => ({ ...before, revoked: ['token-1'] })],
    ['the sandbox is no longer its user’s', (before) => ({ ...before, subjects: ['user-2'] })],
    ['the sandbox has another name', (before) => ({ ...before, audience: 'sandbox-2' })],
    ['it would now do less', (before) => ({ ...before, claims: { ...before.claims, scope: 'permissions' } })],
    ['no dashboard is trusted at all', () => authConfig([])],
  ])('close their sockets soon when %s, and nobody else’s', async (_name, edit) => {
    const client = await harness.ready(hs256(claims()))
    const owner = await harness.ready('the-local-token')
    const editedAt = performance.now()
    settings = edit(settings)
    expect(await client.closed).toEqual({ code: 4403, reason: 'token_withdrawn' })
    expect(performance.now() - editedAt).toBeLessThan(SOON_MS)
    expect(await owner.request('session.ping')).toHaveProperty('at')
  })

  it('keep their sockets over an edit that does not concern them', async () => {
    const client = await harness.ready(hs256(claims()))
    settings = { ...authConfig([secretKey(OTHER_SECRET), secretKey(SECRET)]), subjects: [SUBJECT, 'user-2'] }
    const late = await harness.ready(hs256(claims({ sub: 'user-2' }), OTHER_SECRET))
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect(await client.request('session.ping')).toHaveProperty('at')
    expect(await late.request('session.ping')).toHaveProperty('at')
  })

  it('close their sockets with 4440 when they have expired, and not before', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2
    const client = await harness.ready(hs256(claims({ exp })))
    expect(await client.closed).toEqual({ code: 4440, reason: 'token_expired' })
    expect(Date.now() - exp * 1_000).toBeGreaterThanOrEqual(0)
    expect(Date.now() - exp * 1_000).toBeLessThan(SOON_MS)
  })

  it('can be renewed on a living socket', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2
    const client = await harness.ready(hs256(claims({ exp, scope: 'read' })))
    await client.authenticate(hs256(claims({ scope: 'read config' })))
    await new Promise((resolve) => setTimeout(resolve, exp * 1_000 + 600 - Date.now()))
    expect(await client.request('config.get')).toHaveProperty('revision')
  })

  it('work after "Authorization: Bearer", and make no links to the page', async () => {
    const headers = { authorization: `Bearer ${hs256(claims())}` }
    expect((await fetch(`${harness.http}/v1/session`, { headers })).status).toBe(404)
    const link = await fetch(`${harness.http}/v1/login-links`, { method: 'POST', headers, body: '{}' })
    expect(link.status).toBe(403)
    const client = harness.connect({ headers })
    expect(await client.request('accounts.list')).toHaveProperty('accounts')
  })

  it('are never in the log, whether they count or not', async () => {
    const tokens = [hs256(claims()), hs256(claims({ sub: 'user-2' })), hs256(claims(), OTHER_SECRET)]
    for (const token of tokens) await attempt(token)
    for (const token of tokens) {
      for (const part of token.split('.').slice(1)) expect(harness.log()).not.toContain(part)
    }
    expect(harness.log()).toContain('wrong_subject')
  })

  it('that are the local one, or came from it, end with it', async () => {
    const local = await harness.ready('the-local-token')
    const session = harness.loginLinks.redeem(harness.loginLinks.createCode().value)?.value ?? ''
    const page = await harness.ready(session)
    const dashboard = await harness.ready(hs256(claims()))
    const { value: code } = harness.loginLinks.createCode()
    localToken = 'another-local-token'
    expect(await local.closed).toEqual({ code: 4403, reason: 'token_withdrawn' })
    expect(await page.closed).toEqual({ code: 4403, reason: 'token_withdrawn' })
    expect(await attempt('the-local-token')).toBe('invalid_token')
    expect(await attempt(session)).toBe('invalid_token')
    expect(harness.loginLinks.redeem(code)).toBeNull()
    await harness.ready('another-local-token')
    expect(await dashboard.request('session.ping')).toHaveProperty('at')
  })
})
