import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

describe('origin', () => {
  let harness: Harness
  let allowed = ['https://dashboard.example']

  beforeAll(async () => {
    harness = await startHarness({ allowedOrigins: () => allowed })
  })
  afterAll(() => harness.stop())

  function upgradeStatus(origin: string): Promise<number> {
    const client = harness.connect({ origin })
    return new Promise((resolve) => {
      client.socket.once('open', () => resolve(101))
      client.socket.once('unexpected-response', (_request, response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
    })
  }

  it('lets in the allowed one and those of this machine at this port', async () => {
    expect(await upgradeStatus('https://dashboard.example')).toBe(101)
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(await upgradeStatus(`http://${host}:${harness.port}`)).toBe(101)
    }
  })

  it.each([
    'https://dashboard.example.evil.example',
    'https://evil.dashboard.example',
    'http://dashboard.example',
    'https://dashboard.example:8443',
    'https://dashboard.example/',
    'http://127.0.0.1:1',
    'http://localhost',
    'HTTPS://dashboard.example',
    'https://Dashboard.example',
    'https://dashboard.example:443',
    'https://dashboard.example.',
    'https://user@dashboard.example',
    'https://dashboard.example, https://dashboard.example',
    ' ',
    'file://',
    'null',
  ])('refuses the upgrade from "%s" with 403', async (origin) => {
    expect(await upgradeStatus(origin)).toBe(403)
  })

  // The dashboard showed "may not connect", and nothing in the sandbox said which page was meant.
  it('names a refused page in the log, with the setting, and repeats nothing that is no origin', async () => {
    const other = await startHarness({ allowedOrigins: () => allowed })
    const asPage = (origin: string, path = '/v1/accounts'): Promise<Response> =>
      fetch(`${other.http}${path}`, { headers: { origin, authorization: 'Bearer x' } })
    await asPage('https://staging.dashboard.example')
    expect(other.log()).toContain('"origin":"https://staging.dashboard.example"')
    expect(other.log()).toContain('whatsappd.allowedOrigins')
    await asPage('<script>')
    expect(other.log()).not.toContain('<script>')
    for (let count = 0; count < 40; count += 1) await asPage(`https://page-${count}.example`)
    expect(other.log().match(/an origin that is not allowed/g)?.length).toBeLessThan(20)
    await other.stop()
  })

  it('lets in what sends no origin, since that is no browser: its token alone counts', async () => {
    const client = harness.connect()
    await client.hello()
    const { error } = await client.call('accounts.list')
    expect(error?.data.code).toBe('unauthorized')
  })

  it('takes the origin of a loopback address only at its own port and scheme', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await upgradeStatus(`https://${host}:${harness.port}`)).toBe(403)
      expect(await upgradeStatus(`http://${host}:${harness.port + 1}`)).toBe(403)
    }
    expect(await upgradeStatus(`http://127.0.0.2:${harness.port}`)).toBe(403)
  })

  it('follows an edit of the list at once', async () => {
    allowed = []
    expect(await upgradeStatus('https://dashboard.example')).toBe(403)
    allowed = ['https://dashboard.example']
    expect(await upgradeStatus('https://dashboard.example')).toBe(101)
  })

  it('holds for writes over HTTP too', async () => {
    const { value } = harness.loginLinks.createCode()
    const trade = (origin: string): Promise<Response> =>
      fetch(`${harness.http}/v1/session`, {
        method: 'POST',
        headers: { origin },
        body: JSON.stringify({ code: value }),
      })
    expect((await trade('https://evil.example')).status).toBe(403)
    expect((await trade(harness.http)).status).toBe(200)
  })

  it('answers upgrades elsewhere with 404', async () => {
    for (const path of ['/', '/v1/ws/', '//', '/v2/ws']) {
      const socket = new WebSocket(`ws://127.0.0.1:${harness.port}${path}`)
      socket.on('error', () => undefined)
      const status = await new Promise((resolve) =>
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode)),
      )
      expect(status, path).toBe(404)
    }
  })
})
