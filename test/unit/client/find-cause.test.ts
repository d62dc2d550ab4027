import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { findCause, notConstructed } from '../../../src/client/find-cause.ts'
import type { FailedAttempt, Fetch } from '../../../src/client/find-cause.ts'

const alive: RequestListener = (_request, response) => response.end('{"status":"ok"}')
const badGateway: RequestListener = (_request, response) => response.writeHead(502).end('no daemon')

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port // listens on TCP
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listens on TCP
  server.close()
  await once(server, 'close')
  return port
}

/** A browser's fetch from another origin: what sends no CORS header may be reached, but not read. */
const crossOrigin: Fetch = async (input, init) => {
  const response = await fetch(input.replace('sandbox.test', '127.0.0.1'), init)
  if (init?.mode !== 'no-cors' && !response.ok) throw new TypeError('Failed to fetch')
  return response
}

const OPEN = { blocksSockets: false, blocksRequests: false }
const find = (url: string, attempt: Partial<FailedAttempt> = {}, fetcher: Fetch = fetch) =>
  findCause({ url, cause: undefined, policy: OPEN, ...attempt }, fetcher, 2_000)
const codeOf = async (url: string, fetcher: Fetch = fetch): Promise<string> =>
  (await find(url, {}, fetcher)).code

test('on this machine, nobody listening is a daemon that does not run', async () => {
  expect(await codeOf(`ws://127.0.0.1:${await closedPort()}/v1/ws`)).toBe('daemon_offline')
})

test('far away, nothing answering is a closed way', async () => {
  expect(await codeOf(`ws://sandbox.test:${await closedPort()}/v1/ws`, crossOrigin)).toBe(
    'tunnel_unreachable',
  )
})

test('a tunnel that answers for a daemon that does not is not to blame', async () => {
  const port = await serve(badGateway)
  expect(await codeOf(`ws://127.0.0.1:${port}/v1/ws`)).toBe('daemon_offline')
  expect(await codeOf(`ws://sandbox.test:${port}/v1/ws`, crossOrigin)).toBe('daemon_offline')
})

test('a daemon that answers but takes no WebSocket refused this page', async () => {
  const paths: string[] = []
  const port = await serve((request, response) => {
    paths.push(request.url ?? '')
    alive(request, response)
  })
  expect(await codeOf(`ws://127.0.0.1:${port}/v1/ws`)).toBe('websocket_refused')
  expect(await codeOf(`ws://127.0.0.1:${port}/box/7/v1/ws?x=1`)).toBe('websocket_refused')
  expect(paths).toEqual(['/livez', '/box/7/livez'])
})

test('the status of the refused upgrade is kept, where the library says it', async () => {
  const port = await serve(alive)
  const refusing = createServer(alive).on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
  )
  refusing.listen(0, '127.0.0.1')
  onTestFinished(() => void refusing.close())
  await once(refusing, 'listening')
  const url = `ws://127.0.0.1:${(refusing.address() as AddressInfo).port}/v1/ws` // listens on TCP
  const error = await find(url, { cause: await faultOf(url) })
  expect([error.code, error.details]).toEqual(['websocket_refused', { status: 403 }])
  expect((await find(`ws://127.0.0.1:${port}/v1/ws`)).details).toBe(undefined)
})

test('an address that is none is no reason to throw', async () => {
  expect(await codeOf('nonsense')).toBe('invalid_url')
})

/** Nothing but the WebSocket and `/livez` of a daemon that a proxy mounts at `prefix`. */
const mountedAt =
  (prefix: string): RequestListener =>
  (request, response) =>
    request.url === `${prefix}/livez` ? alive(request, response) : response.writeHead(404).end('{"error":{}}')

test.each([
  ['', '', '/v1/ws'],
  ['', '/', '/v1/ws'],
  ['', '/ws', '/v1/ws'],
  ['', '/v1/ws/', '/v1/ws'],
  ['', '/v1', '/v1/ws'],
  ['', '/api/whatsapp/socket', '/v1/ws'],
  ['/box/7', '/box/7', '/box/7/v1/ws'],
  ['/box/7', '/box/7/?token=x', '/box/7/v1/ws'],
  ['/box/7', '/box/7/ws', '/box/7/v1/ws'],
])(
  'a daemon at "%s" that was looked for at "%s" is told by its right address',
  async (prefix, given, right) => {
    const port = await serve(mountedAt(prefix))
    const error = await find(`ws://127.0.0.1:${port}${given}`)
    expect([error.code, error.action]).toEqual(['wrong_path', `Set url to ws://127.0.0.1:${port}${right}`])
  },
)

test('the right path of something that is no daemon is no wrong path', async () => {
  const port = await serve((_request, response) => response.writeHead(404).end())
  expect(await codeOf(`ws://127.0.0.1:${port}/v1/ws`)).toBe('daemon_offline')
  expect(await codeOf(`ws://127.0.0.1:${port}/elsewhere`)).toBe('daemon_offline')
})

test('an address of another server is told apart from a daemon that is offline', async () => {
  const other = await serve((_request, response) => response.writeHead(404).end())
  const { message, action } = await find(`ws://127.0.0.1:${other}/v1/ws`)
  expect([message, action]).toEqual([
    `What answers at 127.0.0.1:${other} is not whatsappd.`,
    expect.stringContaining('url is wrong'),
  ])
  const proxy = await serve((_request, response) => response.writeHead(502).end())
  expect((await find(`ws://127.0.0.1:${proxy}/v1/ws`)).message).toBe('The daemon is offline.')
})

test.each(['/v1/ws', 'sandbox.example/v1/ws', ''])(
  '"%s" is no address, which newer browsers take for one',
  async (url) => {
    expect(await codeOf(url)).toBe('invalid_url')
  },
)

/** What the socket of this program, which Node makes, reports of an address. */
async function faultOf(url: string): Promise<unknown> {
  const socket = new WebSocket(url)
  const [error] = (await once(socket, 'error')) as [Error]
  return error
}

test('a certificate that nobody trusts is no daemon that is offline, whoever notices it', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const server = createSecureServer({ cert, key }, alive).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/v1/ws` // listens on TCP
  const cause = await faultOf(url)
  for (const error of [await find(url, { cause }), await find(url)]) {
    expect([error.code, error.retryable]).toEqual(['certificate_untrusted', true])
    expect(error.message).toMatch(/SELF_SIGNED|ALTNAME/)
    expect(error.action).toContain('NODE_EXTRA_CA_CERTS')
    expect(error.cause).toBeInstanceOf(Error)
  }
})

test('TLS towards a port that speaks none is named', async () => {
  const port = await serve(alive)
  const error = await find(`wss://127.0.0.1:${port}/v1/ws`)
  expect([error.code, error.action]).toEqual(['tunnel_unreachable', expect.stringContaining('ws://')])
})

test('a refused connection keeps what Node says of it', async () => {
  const url = `ws://127.0.0.1:${await closedPort()}/v1/ws`
  const cause = await faultOf(url)
  const error = await find(url, { cause })
  expect([error.code, error.cause]).toEqual(['daemon_offline', cause])
  expect(cause).toMatchObject({ code: 'ECONNREFUSED' })
})

/** As Node's `fetch` fails. */
const failingWith =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }))
/** As that of a browser does, whatever the reason is. */
const speechless: Fetch = () => Promise.reject(new TypeError('Failed to fetch'))

test.each([
  ['a name that is not in the DNS', failingWith('ENOTFOUND'), /name.*not known/],
  ['a name server that does not answer', failingWith('EAI_AGAIN'), /name.*not known/],
  ['a host that is not reached', failingWith('EHOSTUNREACH'), /way to the sandbox is closed/],
])('%s is told by what Node says', async (_name, fetcher, message) => {
  const error = await find('wss://sandbox.example/v1/ws', {}, fetcher)
  expect([error.code, error.message]).toEqual(['tunnel_unreachable', expect.stringMatching(message)])
  expect(error.action).not.toContain('certificate')
})

test('a browser, which says nothing, is told what it can be', async () => {
  for (const [url, code] of [
    ['wss://sandbox.example/box/7/v1/ws', 'tunnel_unreachable'],
    ['wss://localhost:8443/box/7/v1/ws', 'daemon_offline'],
  ] as const) {
    const error = await find(url, {}, speechless)
    expect([error.code, error.action]).toEqual([code, expect.stringMatching(/certificate.*\/box\/7\/livez/)])
    expect(error.cause).toBeInstanceOf(TypeError)
  }
  expect((await find('ws://sandbox.example/v1/ws', {}, speechless)).action).not.toContain('certificate')
})

test('the policy of the page is named before anything is asked', async () => {
  const policy = { blocksSockets: true, blocksRequests: false }
  const error = await find('wss://sandbox.example/v1/ws', { policy }, () => {
    throw new Error('asked')
  })
  expect([error.code, error.retryable]).toEqual(['blocked_by_page', false])
  expect(error.action).toContain('wss://sandbox.example and https://sandbox.example')
})

test('a policy that forbids only the question does not blame the socket', async () => {
  const policy = { blocksSockets: false, blocksRequests: true }
  const error = await find('wss://sandbox.example/v1/ws', { policy }, speechless)
  expect([error.code, error.action]).toEqual([
    'tunnel_unreachable',
    expect.stringContaining('https://sandbox.example'),
  ])
})

test('what the policy of the page forbids is told before anything is asked', async () => {
  const asked: string[] = []
  const fetcher: Fetch = (input) => {
    asked.push(input)
    return Promise.reject(new TypeError('Failed to fetch'))
  }
  const policy = { blocksSockets: true, blocksRequests: false }
  expect(await find('wss://sandbox.test/v1/ws', { policy }, fetcher)).toMatchObject({
    code: 'blocked_by_page',
  })
  expect(asked).toEqual([])
})

test('a certificate that the socket itself complained about needs no further question', async () => {
  const cause = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' })
  const url = `wss://127.0.0.1:${await closedPort()}/v1/ws`
  expect(await find(url, { cause })).toMatchObject({ code: 'certificate_untrusted' })
})

test('a page over https that may not open a plain address is told so', () => {
  const cause = Object.assign(new Error('insecure'), { name: 'SecurityError' })
  const error = notConstructed('ws://sandbox.test/v1/ws?token=secret', cause)
  expect(error.code).toBe('blocked_by_page')
  expect(`${error.message} ${error.action}`).not.toContain('secret')
})
