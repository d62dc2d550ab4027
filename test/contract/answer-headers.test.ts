import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_TOKEN, startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n'
const HOST = 'Host: localhost\r\n'

// A refused upgrade and an unreadable request were answered without the headers that every other answer carries.
describe('the headers of every answer', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness({ browserAssetsDirectory: import.meta.dirname })
  })
  afterEach(() => harness.stop())

  /** What the server answers to these bytes before it closes the connection. */
  async function answerTo(text: string): Promise<{ status: number; headers: Map<string, string> }> {
    const socket = connect(harness.port, harness.host)
    await once(socket, 'connect')
    let answer = ''
    socket.setEncoding('latin1').on('data', (part: string) => (answer += part))
    socket.on('error', () => undefined)
    socket.write(text)
    await once(socket, 'close')
    const [head = ''] = answer.split('\r\n\r\n')
    const [first = '', ...lines] = head.split('\r\n')
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
    return { status: Number(first.split(' ')[1]), headers: new Map(headers) }
  }

  it.each<[string, number, () => string]>([
    ['a page', 200, () => `GET / HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['a probe', 200, () => `GET /livez HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['a probe that says no', 503, () => `GET /readyz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['a probe by HEAD', 200, () => `HEAD /livez HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['a preflight', 404, () => `OPTIONS /livez HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['a missing script', 404, () => `GET /page.js HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['nothing there', 404, () => `GET /nothing HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    ['no token', 401, () => `GET /v1/session HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`],
    [
      'a write of a foreign page',
      403,
      () =>
        `POST /v1/session HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    ],
    [
      'a read of a foreign page',
      403,
      () =>
        `GET /v1/session HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\nAuthorization: Bearer ${LOCAL_TOKEN}\r\nConnection: close\r\n\r\n`,
    ],
    [
      'a body that is none',
      400,
      () => `POST /v1/session HTTP/1.1\r\n${HOST}Content-Length: 0\r\nConnection: close\r\n\r\n`,
    ],
    [
      'a body that is too large',
      413,
      () =>
        `POST /v1/session HTTP/1.1\r\n${HOST}Content-Length: 5000\r\nConnection: close\r\n\r\n${'x'.repeat(5_000)}`,
    ],
    [
      'an upgrade of a foreign page',
      403,
      () => `GET /v1/ws HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\n${UPGRADE}\r\n`,
    ],
    ['an upgrade elsewhere', 404, () => `GET /v2/ws HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`],
    [
      'an upgrade that is no WebSocket',
      400,
      () => `GET /v1/ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    ],
    ['an upgrade by POST', 405, () => `POST /v1/ws HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`],
    ['a request that cannot be read', 400, () => 'no request\r\n\r\n'],
    ['a request without a host', 400, () => 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 400, () => 'GET /livez HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n'],
    [
      'headers that are too large',
      431,
      () => `GET /livez HTTP/1.1\r\n${HOST}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
    [
      'an expectation that nobody meets',
      417,
      () => `GET /livez HTTP/1.1\r\n${HOST}Expect: tea\r\nConnection: close\r\n\r\n`,
    ],
    ['a request for a tunnel', 405, () => `CONNECT example.org:443 HTTP/1.1\r\n${HOST}\r\n`],
  ])('are the same for %s', async (_name, status, text) => {
    const answer = await answerTo(text())
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  it('are there when something fails inside', async () => {
    harness.accounts.failure = new Error('inside')
    const failed = await answerTo(`GET /readyz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)
    expect([failed.status, failed.headers.get('x-content-type-options')]).toEqual([500, 'nosniff'])
  })
})
