import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { methodDefinition, METHODS, METHOD_NAMES } from '../../src/protocol/methods.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { methodParams } from '../support/method-params.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { FakeConfig } from './support/fake-config.ts'
import { FakeAccounts } from './support/fake-ports.ts'
import {
  OTHER_SECRET,
  SECRET,
  authConfig,
  claims,
  es256,
  hs256,
  mint,
  publicKey,
  publicKeyAsSecret,
  rs256,
  rsa,
  secretKey,
} from './support/tokens.ts'
import type { Frame, WireClient } from './support/wire-client.ts'

const HOUR_SECONDS = 3_600
const now = Math.floor(Date.now() / 1_000)

/** Each is wrong in one way; made when it is used, so that times are true. */
const BAD_TOKENS: Record<string, { reason: string; claim?: string; token: () => string }> = {
  'wrong signature': {
    reason: 'invalid_token',
    token: () => hs256(claims(), 'some-other-secret-of-somebody-who-is-not-invited'),
  },
  'a signature that was cut off': {
    reason: 'invalid_token',
    token: () => hs256(claims()).replace(/[^.]+$/, ''),
  },
  'alg none': {
    reason: 'invalid_token',
    token: () => mint({ alg: 'none' }, claims(), () => Buffer.alloc(0)),
  },
  'alg none with a signature': {
    reason: 'invalid_token',
    token: () => hs256(claims(), SECRET, { alg: 'none' }),
  },
  'the public key as the shared secret': {
    reason: 'invalid_token',
    token: () => publicKeyAsSecret(claims()),
  },
  'the secret under the name of another algorithm': {
    reason: 'invalid_token',
    token: () => hs256(claims(), SECRET, { alg: 'HS512' }),
  },
  'a key of a kind that was not asked for': { reason: 'invalid_token', token: () => es256(claims()) },
  'a key that the token brings itself': {
    reason: 'invalid_token',
    token: () =>
      mint({ alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) }, claims(), () => Buffer.from('x')),
  },
  expired: {
    reason: 'token_expired',
    claim: 'exp',
    token: () => hs256(claims({ iat: now - 700, nbf: now - 700, exp: now - 1 })),
  },
  'no expiry': {
    reason: 'token_lives_too_long',
    claim: 'exp',
    token: () => hs256(claims({ exp: undefined })),
  },
  'no time of issue': {
    reason: 'token_lives_too_long',
    claim: 'iat',
    token: () => hs256(claims({ iat: undefined })),
  },
  'expiry too far ahead': {
    reason: 'token_lives_too_long',
    claim: 'exp',
    token: () => hs256(claims({ exp: now + 2 * HOUR_SECONDS })),
  },
  'the last hour of a long life': {
    reason: 'token_lives_too_long',
    claim: 'exp',
    token: () =>
      hs256(claims({ iat: now - 23 * HOUR_SECONDS, nbf: now - 23 * HOUR_SECONDS, exp: now + 600 })),
  },
  'not yet valid': {
    reason: 'token_not_yet_valid',
    claim: 'nbf',
    token: () => hs256(claims({ nbf: now + 300 })),
  },
  'issued in the future': {
    reason: 'token_not_yet_valid',
    claim: 'iat',
    token: () => hs256(claims({ iat: now + 300 })),
  },
  'wrong audience': {
    reason: 'wrong_audience',
    claim: 'aud',
    token: () => hs256(claims({ aud: 'sandbox-2' })),
  },
  'a list of wrong audiences': {
    reason: 'wrong_audience',
    claim: 'aud',
    token: () => hs256(claims({ aud: ['sandbox-2', 'sandbox-10'] })),
  },
  'no audience': {
    reason: 'missing_claim',
    claim: 'aud',
    token: () => hs256(claims({ aud: undefined })),
  },
  'wrong issuer': {
    reason: 'wrong_issuer',
    claim: 'iss',
    token: () => rs256(claims({ iss: 'https://dashboard.example.evil.example' })),
  },
  "another user's subject": {
    reason: 'wrong_subject',
    claim: 'sub',
    token: () => hs256(claims({ sub: 'user-2' })),
  },
  'no subject': {
    reason: 'missing_claim',
    claim: 'sub',
    token: () => hs256(claims({ sub: undefined })),
  },
  'no issuer': {
    reason: 'missing_claim',
    claim: 'iss',
    token: () => hs256(claims({ iss: undefined })),
  },
  'revoked by its id': {
    reason: 'token_revoked',
    claim: 'jti',
    token: () => hs256(claims({ jti: 'revoked-1' })),
  },
  'a key that was rotated away': { reason: 'invalid_token', token: () => hs256(claims(), OTHER_SECRET) },
  'scopes of a wrong shape': {
    reason: 'malformed_claim',
    claim: 'scope',
    token: () => hs256(claims({ scope: { read: true } })),
  },
  'no token at all': { reason: 'invalid_token', token: () => 'nothing-of-the-kind' },
}

const PARAMS = methodParams({
  person: '+15555550101',
  stranger: '+15555550199',
  message: 'x',
  otherMessage: 'x',
  account: 'second',
})

/** Every call of the daemon's parts from the control plane, whichever they are. */
function recorded<Port extends object>(port: Port, calls: string[]): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...values: unknown[]) => {
        calls.push(String(name))
        return Reflect.apply(member, target, values) as unknown
      }
    },
  })
}

describe('who may call what', () => {
  let harness: Harness
  const calls: string[] = []
  const config = new FakeConfig()

  beforeAll(async () => {
    config.current = { ...config.current, daemon: { ...config.current.daemon, auth: auth() } }
    harness = await startHarness({
      accounts: recorded(new FakeAccounts(), calls),
      config: recorded(config, calls),
      authSettings: () => config.current.daemon.auth,
      limits: { requests: { burst: 100_000, perSecond: 100_000 } },
    })
  })
  afterAll(() => harness.stop())

  const auth = () => authConfig([secretKey(SECRET), publicKey(rsa.publicKey)], { revoked: ['revoked-1'] })

  const revoke = (...revoked: string[]): void => {
    const { current } = config
    config.current = {
      ...current,
      daemon: { ...current.daemon, auth: revoked.length === 0 ? auth() : { ...auth(), revoked } },
    }
  }

  it('nobody goes on whose token was revoked: their sockets are closed', async () => {
    const clients = await Promise.all(
      SCOPES.map((scope) => harness.ready(hs256(claims({ jti: 'revoked-later', scope })))),
    )
    revoke('revoked-later')
    for (const client of clients)
      expect(await client.closed).toEqual({ code: 4403, reason: 'token_withdrawn' })
    revoke()
  })

  const request = (id: number, method: string, params: Record<string, unknown> = {}): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method, params })
  const answersOf = (client: WireClient): Frame[] => client.frames.filter(({ id }) => id !== undefined)

  describe.each(METHOD_NAMES.filter((name) => methodDefinition(name).beforeAuthentication !== true))(
    '%s',
    (method) => {
      const { scope } = METHODS[method]
      const params = PARAMS[method]

      it('is refused without a token', async () => {
        calls.length = 0
        const client = harness.connect()
        await client.hello()
        client.sendText(request(1, method, params))
        expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
        expect(answersOf(client).map(({ id, error }) => [id, error?.data.code])).toEqual([
          [1, 'unauthorized'],
        ])
        expect(calls).toEqual([])
      })

      it.each(Object.entries(BAD_TOKENS))(
        'is refused with a token of this kind: %s',
        async (_name, { token, reason, claim }) => {
          calls.length = 0
          const first = harness.connect()
          await first.hello()
          first.sendText(request(1, 'session.authenticate', { token: token() }))
          first.sendText(request(2, method, params))
          const upgrade = harness.connect({ protocols: ['whatsappd.v1', `bearer.${token()}`] })
          upgrade.socket.once('open', () => upgrade.sendText(request(3, method, params)))
          // So many failures from one place get another name, and are refused all the same.
          expect([4401, 4429]).toContain((await first.closed).code)
          expect([4401, 4429]).toContain((await upgrade.closed).code)
          const details = claim === undefined ? { reason } : { reason, claim }
          const refused = { code: 'unauthorized', retryable: false, details }
          expect(answersOf(first).map(({ id, error }) => [id, error?.data])).toEqual([[1, refused]])
          // A close frame has no room for the reason, so it comes before.
          expect(answersOf(upgrade).map(({ id, error }) => [id, error?.data])).toEqual([[null, refused]])
          expect(calls).toEqual([])
        },
      )

      if (scope !== null) {
        it('is refused to a token with every scope but its own', async () => {
          calls.length = 0
          const others = SCOPES.filter((other) => other !== scope).join(' ')
          for (const token of [
            hs256(claims({ scope: others })),
            hs256(claims({ scope: undefined })),
            rs256(claims({ scope: [] })),
          ]) {
            const client = await harness.ready(token)
            calls.length = 0
            const { error, result } = await client.call(method, params)
            expect([error?.data, result]).toEqual([
              {
                code: 'forbidden',
                retryable: false,
                action: `Issue tokens with the scope ${scope}.`,
                details: { scope },
              },
              undefined,
            ])
            expect(calls).toEqual([])
            client.close()
          }
        })
      }

      // The local token alone makes links, whatever another one may do.
      const isLocalOnly = method === 'session.createLoginLink'
      it(`is ${isLocalOnly ? 'refused to' : 'done for'} a token with its scope alone`, async () => {
        for (const token of [
          hs256(claims({ scope: scope ?? '' })),
          rs256(claims({ scope: [scope ?? ''] })),
        ]) {
          const client = await harness.ready(token)
          const { error } = await client.call(method, params)
          if (isLocalOnly) expect(error?.data.code).toBe('forbidden')
          else expect(['unauthorized', 'forbidden']).not.toContain(error?.data.code)
          client.close()
        }
      })

      it('is refused once the token was revoked', async () => {
        revoke('revoked-later')
        calls.length = 0
        const again = harness.connect()
        await again.hello()
        again.sendText(request(1, 'session.authenticate', { token: hs256(claims({ jti: 'revoked-later' })) }))
        again.sendText(request(2, method, params))
        await again.closed
        expect(answersOf(again).map(({ error }) => error?.data.details)).toEqual([
          { reason: 'token_revoked', claim: 'jti' },
        ])
        expect(calls).toEqual([])
        revoke()
      })
    },
  )
})
