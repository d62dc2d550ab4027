import { afterEach, beforeEach, expect, it } from 'vitest'
import { SecretReader } from '../../src/config/secrets/secret-reader.ts'
import { Authenticator } from '../../src/control/auth/authenticate.ts'
import type { Identity, Refusal } from '../../src/control/auth/authenticate.ts'
import { RefusedTokens } from '../../src/control/auth/refused-tokens.ts'
import { KeyRing } from '../../src/control/auth/key-ring.ts'
import { LoginLinks } from '../../src/control/auth/login-link.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { OTHER_SECRET, SECRET, authConfig, claims, hs256, secretKey } from './support/tokens.ts'

let harness: Harness
let settings = authConfig([secretKey(SECRET)])

/** Its keys change between the moment that a signature was verified and the moment that the socket hears of it. */
class LateAuthenticator extends Authenticator {
  override async authenticate(token: string): Promise<Identity | Refusal> {
    const verdict = await super.authenticate(token)
    settings = authConfig([secretKey(OTHER_SECRET)])
    this.refresh()
    return verdict
  }
}

beforeEach(async () => {
  settings = authConfig([secretKey(SECRET)])
  const logger = createLogger({ level: 'silent' })
  const loginLinks = new LoginLinks()
  const authenticator = new LateAuthenticator({
    readLocalToken: () => 'the-local-token',
    loginLinks,
    keys: new KeyRing({ settings: () => settings, secrets: new SecretReader({ env: {}, logger }), logger }),
    refused: new RefusedTokens({ logger, now: () => new Date() }),
    now: () => new Date(),
  })
  harness = await startHarness({ authenticator, loginLinks })
})
afterEach(() => harness.stop())

// Until the next look at all sockets it would have been served like its owner.
it('a key that goes while a token is being judged lets nobody in, by first message or by upgrade', async () => {
  const client = harness.connect()
  const { error } = await client.call('session.authenticate', { token: hs256(claims()) })
  expect(error?.data.details).toEqual({ reason: 'token_revoked' })
  expect(await client.closed).toEqual({ code: 4401, reason: 'unauthorized' })
  settings = authConfig([secretKey(SECRET)])
  const upgrade = harness.connect({ protocols: ['whatsappd.v1', `bearer.${hs256(claims())}`] })
  expect(await upgrade.closed).toEqual({ code: 4401, reason: 'unauthorized' })
})
