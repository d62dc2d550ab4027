/**
 * Somebody sets up a dashboard and the card says "no access". Whatever is wrong with token or settings, and whichever way the token
 * came, the log and `config.get` (so `whatsappd status`) say what it is. The sender learns it only where the signature holds.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { AuthConfig } from '../../src/config/auth-config.ts'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import {
  INVALID_TOKEN_CAUSES,
  REFUSAL_ACTIONS,
  TOKEN_REFUSALS,
} from '../../src/protocol/tokens/token-refusals.ts'
import { METHODS } from '../../src/protocol/methods.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import {
  OTHER_SECRET,
  SECRET,
  authConfig,
  claims,
  ed25519,
  hs256,
  publicKey,
  rs256,
  secretKey,
} from './support/tokens.ts'

interface Fault {
  /** What the owner reads. */
  cause: string
  /** A part of what names the claim or the setting. */
  detail?: string
  auth?: AuthConfig
  env?: NodeJS.ProcessEnv
  token: () => string | Promise<string>
}

const now = Math.floor(Date.now() / 1_000)
const NO_AUTH: AuthConfig = {
  jwtKeys: [],
  issuer: null,
  audience: null,
  subjects: [],
  claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
  metricsToken: null,
  revoked: [],
}
const fromEnvironment = authConfig([{ id: null, secret: { env: 'DASHBOARD_SECRET' } }])
const strict = authConfig([secretKey(SECRET)], {
  claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: { tokenType: 'whatsapp' } },
})

const FAULTS: Record<string, Fault> = {
  'whatsappd.auth is not set': { cause: 'auth_not_configured', auth: NO_AUTH, token: () => hs256(claims()) },
  'the variable of the secret is not set': {
    cause: 'key_unusable',
    detail: 'whatsappd.auth.jwtKeys[0].secret: the environment variable DASHBOARD_SECRET is not set',
    auth: fromEnvironment,
    token: () => hs256(claims()),
  },
  'the secret is short': {
    cause: 'key_unusable',
    detail: 'is shorter than 32 bytes',
    auth: fromEnvironment,
    env: { DASHBOARD_SECRET: 'short' },
    token: () => hs256(claims(), 'short'),
  },
  'the file of the public key is not there': {
    cause: 'key_unusable',
    detail: 'whatsappd.auth.jwtKeys[0].publicKey: ',
    auth: authConfig([{ id: null, publicKey: { file: '/nowhere/dashboard.pem' } }]),
    token: () => rs256(claims()),
  },
  'the secret is another one': {
    cause: 'wrong_signature',
    auth: authConfig([secretKey(OTHER_SECRET)]),
    token: () => hs256(claims()),
  },
  'another key is unusable, and this one is wrong': {
    cause: 'wrong_signature',
    auth: authConfig([secretKey(OTHER_SECRET), { id: null, publicKey: { file: '/nowhere/dashboard.pem' } }]),
    token: () => hs256(claims()),
  },
  'the key is of another kind': { cause: 'no_key_fits', token: () => rs256(claims()) },
  'a secret where a public key is expected': {
    cause: 'no_key_fits',
    auth: authConfig([publicKey(ed25519.publicKey)]),
    token: () => hs256(claims()),
  },
  'the key id is another one': {
    cause: 'no_key_fits',
    auth: authConfig([secretKey(SECRET, '2026-01')]),
    token: () => hs256(claims(), SECRET, { kid: '2025-01' }),
  },
  'a token of before the local token was replaced': {
    cause: 'own_token_outdated',
    token: () =>
      issueOwnToken('formerly', { scopes: ['read'], lifetimeSeconds: 60, subject: 'x' }, new Date()),
  },
  'no token at all': { cause: 'not_a_token', token: () => 'nothing-of-the-kind' },
  'an encrypted token': { cause: 'not_a_token', token: () => 'eyJhbGciOiJkaXIifQ..aXY.dGV4dA.dGFn' },
  'no issuer': { cause: 'missing_claim', detail: 'iss', token: () => hs256(claims({ iss: undefined })) },
  'no audience': { cause: 'missing_claim', detail: 'aud', token: () => hs256(claims({ aud: undefined })) },
  'no subject': { cause: 'missing_claim', detail: 'sub', token: () => hs256(claims({ sub: undefined })) },
  'an expiry in words': {
    cause: 'malformed_claim',
    detail: 'exp',
    token: () => hs256(claims({ exp: '1h' })),
  },
  'scopes in an object': {
    cause: 'malformed_claim',
    detail: 'scope',
    token: () => hs256(claims({ scope: { read: true } })),
  },
  'another issuer': { cause: 'wrong_issuer', detail: 'iss', token: () => hs256(claims({ iss: 'x' })) },
  'another audience': { cause: 'wrong_audience', detail: 'aud', token: () => hs256(claims({ aud: 'x' })) },
  'another user': { cause: 'wrong_subject', detail: 'sub', token: () => hs256(claims({ sub: 'x' })) },
  'a required claim is missing': {
    cause: 'wrong_claim',
    detail: 'tokenType',
    auth: strict,
    token: () => hs256(claims()),
  },
  'it has expired': { cause: 'token_expired', detail: 'exp', token: () => hs256(claims({ exp: now - 1 })) },
  'a clock is ahead': {
    cause: 'token_not_yet_valid',
    detail: 'nbf',
    token: () => hs256(claims({ nbf: now + 300 })),
  },
  'it lives for a day': {
    cause: 'token_lives_too_long',
    detail: 'exp',
    token: () => hs256(claims({ exp: now + 86_400 })),
  },
  'it was revoked': {
    cause: 'token_revoked',
    detail: 'jti',
    auth: authConfig([secretKey(SECRET)], { revoked: ['token-1'] }),
    token: () => hs256(claims()),
  },
}

type Told = Record<string, unknown> | undefined
/** Each way by which a token can come, and what its sender is told. */
const WAYS: Record<string, (harness: Harness, token: string) => Promise<Told>> = {
  'with the upgrade': async (harness, token) => {
    const client = harness.connect({ protocols: ['whatsappd.v1', `bearer.${token}`] })
    const { error } = await client.frame(({ id }) => id === null)
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
    return error?.data.details
  },
  'in the first message': async (harness, token) => {
    const client = harness.connect()
    const { error } = await client.call('session.authenticate', { token })
    expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
    return error?.data.details
  },
  'over HTTP': async (harness, token) => {
    const response = await fetch(`${harness.http}/v1/accounts`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(401)
    return ((await response.json()) as { error: { details?: Told } }).error.details
  },
  'from the client': async (harness, token) => {
    const url = `${harness.http.replace('http', 'ws')}/v1/ws`
    const client = new WhatsappdClient({ url, token, WebSocket })
    const error: unknown = await client.connect().catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'RequestError', code: 'unauthorized' })
    return (error as { details?: Told }).details
  },
}

describe('a token that is refused', () => {
  let harness: Harness
  let settings = NO_AUTH
  const env: NodeJS.ProcessEnv = {}

  beforeEach(async () => {
    settings = authConfig([secretKey(SECRET)])
    delete env['DASHBOARD_SECRET']
    harness = await startHarness({ authSettings: () => settings, env })
  })
  afterEach(() => harness.stop())

  async function refusedTokens() {
    const owner = await harness.ready(LOCAL_TOKEN)
    return METHODS['config.get'].result.parse(await owner.request('config.get')).refusedTokens
  }

  describe.each(Object.entries(FAULTS))(
    'because %s',
    (_fault, { cause, detail, auth, env: given, token }) => {
      it.each(Object.entries(WAYS))(
        '%s: owner and sender are told what they may know',
        async (_way, send) => {
          settings = auth ?? settings
          Object.assign(env, given)
          const told = await send(harness, await token())
          const isHidden = cause in INVALID_TOKEN_CAUSES
          expect(told).toEqual(isHidden ? { reason: 'invalid_token' } : { reason: cause, claim: detail })
          const line = harness
            .log()
            .split('\n')
            .find((text) => text.includes('a token that is not accepted'))
          expect(line).toContain(`"reason":"${cause}"`)
          expect(line).toContain(detail ?? '"why"')
          expect(await refusedTokens()).toEqual([
            expect.objectContaining({
              reason: cause,
              count: 1,
              detail: detail === undefined ? null : expect.stringContaining(detail),
            }),
          ])
        },
      )
    },
  )

  it('because it is longer than any is told to its client once and for all', async () => {
    const told = await WAYS['from the client']?.(harness, hs256(claims({ picture: 'x'.repeat(4_000) })))
    expect(told).toEqual({ reason: 'invalid_token' })
  })

  it('is named here for every cause', () => {
    const causes = new Set(Object.values(FAULTS).map(({ cause }) => cause))
    expect(causes).toEqual(new Set(Object.keys(REFUSAL_ACTIONS)))
    const told = Object.keys(TOKEN_REFUSALS).filter((reason) => reason !== 'invalid_token')
    expect([...causes].filter((cause) => !(cause in INVALID_TOKEN_CAUSES)).sort()).toEqual(told.sort())
  })

  it('is no longer reported once the settings are others', async () => {
    settings = NO_AUTH
    await WAYS['over HTTP']?.(harness, hs256(claims()))
    expect(await refusedTokens()).toHaveLength(1)
    settings = authConfig([secretKey(SECRET)])
    expect(await refusedTokens()).toBe(undefined)
  })

  // A stranger's guesses must not use up the lines that tell the owner what is wrong with the dashboard's tokens.
  it('is still told after many guesses of a stranger', async () => {
    for (let guess = 0; guess < 25; guess += 1) await WAYS['over HTTP']?.(harness, `guess-${guess}`)
    await WAYS['over HTTP']?.(harness, hs256(claims({ aud: 'x' })))
    expect(harness.log()).toContain('"reason":"wrong_audience"')
    expect(harness.log().match(/"reason":"not_a_token"/g)?.length).toBeLessThan(20)
    expect((await refusedTokens())?.map(({ reason, count }) => [reason, count])).toEqual([
      ['wrong_audience', 1],
      ['not_a_token', 25],
    ])
  })
})

describe('a token without the scope read', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness({ authSettings: () => authConfig([secretKey(SECRET)]) })
  })
  afterEach(() => harness.stop())

  it.each([
    ['no scope claim, and none given by default', { scope: undefined }],
    ['scopes of another system', { scope: 'openid profile' }],
    ['others only', { scope: 'link config' }],
  ])('is logged when a page subscribes with it: %s', async (_name, changes) => {
    const client = await harness.ready(hs256(claims(changes)))
    expect((await client.request('session.subscribe'))['snapshot']).toMatchObject({
      accounts: [],
      config: null,
    })
    expect(harness.log()).toContain('without the scope read')
    expect(harness.log()).toContain('whatsappd.auth.claims.defaultScopes')
    const { error } = await client.call('accounts.list')
    expect(error?.message).toBe('The token does not carry the scope read.')
    expect(error?.data.action).toContain('scope read')
  })

  it('is nothing to say of an agent, or of one that may read', async () => {
    for (const scope of ['agent', 'read']) {
      const client = await harness.ready(hs256(claims({ scope })))
      await client.request('session.subscribe')
    }
    expect(harness.log()).not.toContain('without the scope read')
  })
})
