import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DaemonError } from '../../src/protocol/errors.ts'
import { METHOD_NAMES } from '../../src/protocol/methods.ts'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView, qrOffer } from './support/fake-ports.ts'

describe('HTTP', () => {
  let harness: Harness
  let assets: string

  beforeEach(async () => {
    assets = mkdtempSync(join(tmpdir(), 'whatsappd-assets-'))
    writeFileSync(join(assets, 'page.js'), 'export const page = 1')
    writeFileSync(join(assets, 'card.js'), 'export const card = 1')
    const extra = new Hono().get('/simulator/state', (context) => context.json({ phones: [] }))
    harness = await startHarness({ browserAssetsDirectory: assets, extraRoutes: extra })
  })
  afterEach(async () => {
    await harness.stop()
    rmSync(assets, { recursive: true, force: true })
  })

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${harness.http}${path}`, { headers })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${harness.http}${path}`, { method: 'POST', body: JSON.stringify(body), headers })

  it('is alive', async () => {
    const response = await get('/livez')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  it('is ready exactly when every enabled account is connected, and tells no number', async () => {
    expect((await get('/readyz')).status).toBe(503)
    const connected = accountView({
      state: 'connected',
      reason: null,
      linked: true,
      phoneNumber: '+15555550100',
    })
    const paused = accountView({ account: 'second', enabled: false, state: 'disabled' })
    harness.accounts.views = [connected, paused]
    const ready = await get('/readyz')
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', accounts: { connected: 1, disabled: 1 } },
    ])
    harness.accounts.views = [connected, accountView({ account: 'third', state: 'reconnecting' })]
    const text = await (await get('/readyz')).text()
    expect(JSON.parse(text)).toEqual({ status: 'not_ready', accounts: { connected: 1, reconnecting: 1 } })
  })

  it('is ready for one account, whatever the others are, and tells no more of one that is not there', async () => {
    const connected = accountView({ state: 'connected', reason: null, linked: true })
    const paused = accountView({ account: 'paused', enabled: false, state: 'disabled' })
    const waiting = accountView({ account: 'waiting', state: 'awaiting_scan' })
    harness.accounts.views = [connected, paused, waiting]
    const ask = async (query: string): Promise<unknown[]> => {
      const response = await get(`/readyz?${query}`)
      return [response.status, await response.json()]
    }
    const { account } = connected
    expect(await ask(`account=${account}`)).toEqual([200, { status: 'ready', accounts: { connected: 1 } }])
    const notReady = { status: 'not_ready', accounts: { awaiting_scan: 1 } }
    expect(await ask('account=waiting')).toEqual([503, notReady])
    const nothing = { status: 'not_ready', accounts: {} }
    for (const other of ['paused', 'nobody', '', '%00', 'DEFAULT', '__proto__'])
      expect(await ask(`account=${other}`)).toEqual([503, nothing])
    expect((await ask(`account=${account}&account=${account}`))[0]).toBe(200)
    expect((await ask(`account=${account}&account=waiting`))[0]).toBe(503)
    expect((await ask(`account=${account}&account=nobody`))[0]).toBe(503)
    expect((await ask(`account=${account}&deep`))[0]).toBe(200)
    // Whoever waits for a scan is alive: nothing that restarts a daemon may ask for more.
    expect((await get('/livez')).status).toBe(200)
  })

  it('serves the page with headers that keep it from being framed, cached or scripted', async () => {
    const response = await get('/')
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).toContain("script-src 'self';")
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
    expect(headers['content-security-policy']).not.toMatch(/unsafe|style-src/)
    const html = await response.text()
    expect(html).toContain('<whatsapp-card>')
    for (const name of ['card', 'page'])
      expect(html).toContain(`<script type="module" src="${name}.js"></script>`)
    expect(html).not.toMatch(/<script(?![^>]*src=)|simulated-phone|data-demo/)
  })

  it('shows the simulated phone in the demo only', async () => {
    const demo = await startHarness({ demo: true })
    expect(await (await fetch(demo.http)).text()).toMatch(/<body data-demo>[\s\S]*<simulated-phone>/)
    await demo.stop()
  })

  it('serves the scripts with an ETag that follows their content', async () => {
    const first = await get('/card.js')
    expect(await first.text()).toBe('export const card = 1')
    expect(first.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    const etag = first.headers.get('etag') ?? ''
    expect((await get('/card.js', { 'if-none-match': etag })).status).toBe(304)
    writeFileSync(join(assets, 'card.js'), 'export const card = 2')
    expect((await get('/card.js', { 'if-none-match': etag })).status).toBe(200)
    expect((await get('/page.js')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('lets pages of every origin load what scripts share, and keep it', async () => {
    const name = 'shared-A1B2C3D4.js'
    writeFileSync(join(assets, name), 'export const shared = 1')
    const response = await get(`/${name}`)
    expect([response.status, await response.text()]).toEqual([200, 'export const shared = 1'])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it.each(['shared-A1B2C3D4.js.LEGAL.txt', 'client.js', 'shared-..%2Fpage.js', 'shared-OTHER000.js'])(
    'has no script %s',
    async (name) => {
      for (const built of ['shared-A1B2C3D4.js.LEGAL.txt', 'client.js'])
        writeFileSync(join(assets, built), '')
      expect((await get(`/${name}`)).status).toBe(404)
    },
  )

  it('says how to build scripts that are missing', async () => {
    const bare = await startHarness({ browserAssetsDirectory: '/nonexistent' })
    const response = await fetch(`${bare.http}/page.js`)
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('npm run build')])
    await bare.stop()
  })

  it('mounts further routes', async () => {
    expect(await (await get('/simulator/state')).json()).toEqual({ phones: [] })
  })

  it.each(['/nothing', '/v2/ws', '/card.js/../../package.json', '/metric'])(
    'answers %s with 404 as JSON',
    async (path) => {
      const response = await get(path)
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
    },
  )

  it.each(['/v1/ws', '/v1/session', '/v1/accounts/default/messages'])(
    'tells nobody without a token whether there is anything at %s',
    async (path) => {
      const response = await get(path)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      const wrong = await get(path, { authorization: 'Bearer wrong' })
      expect([wrong.status, await wrong.json()]).toEqual([
        401,
        {
          error: {
            code: 'unauthorized',
            message: 'The token is not valid.',
            details: { reason: 'invalid_token' },
          },
        },
      ])
    },
  )

  it('refuses a foreign page even with a token, also for reading', async () => {
    const authorization = `Bearer ${LOCAL_TOKEN}`
    expect((await get('/v1/session', { authorization, origin: 'https://evil.example' })).status).toBe(403)
    expect((await get('/v1/session', { authorization, origin: 'https://dashboard.example' })).status).toBe(
      404,
    )
  })

  it.each(['/v1/ws', '/v1/session'])('answers the holder of a token at %s with 404 as JSON', async (path) => {
    const response = await get(path, { authorization: `Bearer ${LOCAL_TOKEN}` })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
  })

  it('tells nothing about an unexpected failure', async () => {
    harness.accounts.failure = new Error('the secret inside')
    const response = await get('/readyz')
    expect([response.status, await response.json()]).toEqual([
      500,
      { error: { code: 'internal_error', message: 'Something failed inside the daemon.' } },
    ])
    harness.accounts.failure = new DaemonError('storage_error')
    expect((await get('/livez')).status).toBe(200)
  })

  it('holds no secret in anything public', async () => {
    harness.accounts.liveOffers = [qrOffer()]
    harness.accounts.views = [accountView({ phoneNumber: '+15555550100' })]
    for (const path of ['/', '/readyz', '/livez', '/page.js', '/card.js']) {
      expect(await (await get(path)).text(), path).not.toMatch(/secret|5555550100|token-of/)
    }
  })

  it('trades a login code for a token exactly once', async () => {
    const { link } = harness.server.newLoginLink()
    const [base, code] = link.split('#code=')
    expect(base).toBe(`${harness.http}/`)
    const response = await post('/v1/session', { code })
    const { token, expiresAt } = (await response.json()) as { token: string; expiresAt: string }
    const client = harness.connect()
    expect(await client.request('session.authenticate', { token })).toEqual({
      scopes: ['read', 'link', 'config', 'send', 'agent', 'conversations', 'metrics'],
      expiresAt,
      methods: METHOD_NAMES.filter((name) => name !== 'session.createLoginLink'),
    })
    expect((await post('/v1/session', { code })).status).toBe(401)
  })

  it.each([[null], [{}], [{ code: 5 }], [{ code: 'x', more: 1 }]])(
    'refuses the session request %j',
    async (body) => {
      expect((await post('/v1/session', body)).status).toBe(400)
    },
  )

  it('refuses a wrong code and a large body', async () => {
    expect((await post('/v1/session', { code: 'wrong' })).status).toBe(401)
    expect((await post('/v1/session', { code: 'x'.repeat(5_000) })).status).toBe(413)
  })

  it('makes login links for the holder of the local token, and for nobody else', async () => {
    const response = await post('/v1/login-links', {}, { authorization: `Bearer ${LOCAL_TOKEN}` })
    const { link } = (await response.json()) as { link: string }
    const code = link.split('#code=')[1]
    const session = (await (await post('/v1/session', { code })).json()) as { token: string }
    expect((await post('/v1/login-links', {}, { authorization: `Bearer ${session.token}` })).status).toBe(403)
    expect((await post('/v1/login-links', {}, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await post('/v1/login-links', {})).status).toBe(401)
  })
})
