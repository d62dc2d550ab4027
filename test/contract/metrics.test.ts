import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthConfig } from '../../src/config/auth-config.ts'
import { SCOPES } from '../../src/protocol/tokens/scopes.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { authConfig } from './support/tokens.ts'

const SCRAPE_TOKEN = 'c2NyYXBlLXRva2VuLW9mLWEtdGVzdC0xMjM0NTY3ODkw'

describe('GET /metrics', () => {
  let harness: Harness
  let settings: AuthConfig
  const env: NodeJS.ProcessEnv = {}

  beforeEach(async () => {
    env['METRICS_TOKEN'] = SCRAPE_TOKEN
    settings = authConfig([], { metricsToken: { env: 'METRICS_TOKEN' } })
    harness = await startHarness({ authSettings: () => settings, env })
  })
  afterEach(() => harness.stop())

  const get = (token: string | null, path = '/metrics'): Promise<Response> =>
    fetch(`${harness.http}${path}`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    })

  it('is answered in the text format of Prometheus, for whoever has the scope', async () => {
    for (const token of [LOCAL_TOKEN, SCRAPE_TOKEN, 'scoped:metrics']) {
      const response = await get(token)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(await response.text()).toContain('whatsappd_build_info')
    }
  })

  it('needs a token, and of its scopes this one', async () => {
    expect((await get(null)).status).toBe(401)
    expect((await get('nonsense')).status).toBe(401)
    const others = SCOPES.filter((scope) => scope !== 'metrics').join(',')
    const refused = await get(`scoped:${others}`)
    expect([refused.status, await refused.json()]).toEqual([
      403,
      {
        error: {
          code: 'forbidden',
          message: 'The token does not carry the scope metrics.',
          details: { scope: 'metrics' },
        },
      },
    ])
  })

  it('is everything that the token of the scraper opens', async () => {
    expect((await get(SCRAPE_TOKEN, '/v1/accounts')).status).toBe(403)
    const client = await harness.ready(SCRAPE_TOKEN)
    for (const method of ['accounts.list', 'config.get', 'outbox.list', 'accounts.link'])
      expect((await client.call(method)).error?.data.code).toBe('forbidden')
  })

  it('ends for a token that is replaced or taken out, at once', async () => {
    expect((await get(SCRAPE_TOKEN)).status).toBe(200)
    env['METRICS_TOKEN'] = `${SCRAPE_TOKEN}-another`
    expect((await get(SCRAPE_TOKEN)).status).toBe(401)
    expect((await get(`${SCRAPE_TOKEN}-another`)).status).toBe(200)
    settings = authConfig([])
    expect((await get(`${SCRAPE_TOKEN}-another`)).status).toBe(401)
  })

  it('is opened by no token that can be guessed or is not there, and the log says so', async () => {
    for (const weak of ['short', 'a'.repeat(64), '', undefined]) {
      if (weak === undefined) delete env['METRICS_TOKEN']
      else env['METRICS_TOKEN'] = weak
      expect((await get(weak ?? 'undefined')).status).toBe(401)
    }
    expect(harness.log()).toContain('whatsappd.auth.metricsToken')
    expect(harness.log()).not.toContain('a'.repeat(64))
  })
})
