import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { WhatsappdClientOptions } from '../../../src/client/client.ts'
import type { ClientState } from '../../../src/client/client-events.ts'
import { ScriptedDaemon } from './scripted-daemon.ts'

const clients: WhatsappdClient[] = []
let daemon: ScriptedDaemon

beforeEach(async () => {
  daemon = new ScriptedDaemon()
  await daemon.start()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await daemon.stop()
})

function newClient(options: Partial<WhatsappdClientOptions> = {}): WhatsappdClient {
  const client = new WhatsappdClient({
    url: daemon.url,
    token: daemon.token,
    WebSocket,
    random: () => 0.02,
    ...options,
  })
  clients.push(client)
  return client
}

function statesOf(client: WhatsappdClient): ClientState[] {
  const states: ClientState[] = []
  client.on('state', ({ state }) => states.push(state))
  return states
}

test('authenticates with its first message, then subscribes, and is ready with the snapshot', async () => {
  const client = newClient({ topics: ['account', 'config'] })
  const states = statesOf(client)
  const snapshots: unknown[] = []
  client.on('snapshot', ({ snapshot }) => snapshots.push(snapshot))
  await client.connect()
  expect(daemon.requests).toEqual([
    { method: 'session.authenticate', params: { token: daemon.token } },
    { method: 'session.subscribe', params: { topics: ['account', 'config'] } },
  ])
  expect(states).toEqual(['connecting', 'ready'])
  expect(snapshots).toEqual([{ accounts: [], offers: [], config: null, blocked: [] }])
})

test('a refused token ends in unauthorized, without another attempt', async () => {
  const client = newClient({ token: 'wrong' })
  const states = statesOf(client)
  await expect(client.connect()).rejects.toMatchObject({ code: 'unauthorized', retryable: false })
  expect(states).toEqual(['connecting', 'unauthorized'])
  expect(client.state).toBe('unauthorized')
})

test('a close with 4401 while ready is unauthorized too', async () => {
  const client = newClient()
  await client.connect()
  const refused = new Promise((resolve) => client.on('state', ({ state }) => resolve(state)))
  daemon.drop(4401)
  expect(await refused).toBe('unauthorized')
})

test('a token function is asked anew for every connection', async () => {
  let asked = 0
  const client = newClient({ token: () => Promise.resolve(++asked === 1 ? daemon.token : 'renewed') })
  await client.connect()
  daemon.token = 'renewed'
  const back = new Promise<void>((resolve) => client.on('snapshot', () => resolve()))
  daemon.drop(4440)
  await back
  expect(asked).toBe(2)
})

test('another protocol version is reported as incompatible', async () => {
  daemon.hello = { minProtocolVersion: 2, maxProtocolVersion: 3 }
  const client = newClient({ reconnect: false })
  await expect(client.connect()).rejects.toMatchObject({ code: 'incompatible' })
  expect(daemon.requests).toEqual([])
})

test('without reconnecting, an unreachable daemon rejects connect', async () => {
  await daemon.stop()
  const client = newClient({ reconnect: false })
  await expect(client.connect()).rejects.toMatchObject({ code: 'daemon_offline', retryable: true })
  expect(client.state).toBe('closed')
})

test('a daemon that starts later is found', async () => {
  await daemon.stop()
  const client = newClient()
  const connected = client.connect()
  await new Promise<void>((resolve) => {
    client.on('state', ({ state }) => state === 'daemon_offline' && resolve())
  })
  await daemon.start()
  await connected
  expect(client.state).toBe('ready')
})

test('a server that never answers counts as offline', async () => {
  daemon.silent.add('session.authenticate')
  const client = newClient({ requestTimeoutMs: 500, reconnect: false })
  await expect(client.connect()).rejects.toMatchObject({ code: 'timeout' })
})

test('close rejects what waits and stays closed', async () => {
  daemon.silent.add('session.authenticate')
  const client = newClient()
  const connected = client.connect()
  await daemon.nextRequest('session.authenticate')
  client.close()
  await expect(connected).rejects.toMatchObject({ code: 'closed' })
  expect(client.state).toBe('closed')
})

test('close during the token fetch opens no socket', async () => {
  let giveToken: (token: string) => void = () => {}
  const client = newClient({ token: () => new Promise((resolve) => (giveToken = resolve)) })
  const connected = client.connect()
  client.close()
  giveToken(daemon.token)
  await expect(connected).rejects.toMatchObject({ code: 'closed' })
  // By the time a later client is served, an earlier socket would have arrived.
  await newClient().connect()
  expect(daemon.connections).toBe(1)
})

test('a deadline ends the wait for a daemon that is away, with what is wrong', async () => {
  await daemon.stop()
  const client = newClient()
  const states = statesOf(client)
  await expect(client.connect({ timeoutMs: 1_500 })).rejects.toMatchObject({ code: 'daemon_offline' })
  expect([client.state, states.at(-1)]).toEqual(['closed', 'closed'])
  await daemon.start()
  await client.connect({ timeoutMs: 5_000 })
  expect(client.state).toBe('ready')
})

test('a deadline ends the wait for a daemon that accepts and says nothing', async () => {
  daemon.silent.add('session.authenticate')
  const client = newClient()
  await expect(client.connect({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout', retryable: true })
  expect(client.state).toBe('closed')
})

test('the deadline of one caller does not end the attempts of another', async () => {
  await daemon.stop()
  const client = newClient()
  const patient = client.connect()
  await expect(client.connect({ timeoutMs: 30 })).rejects.toMatchObject({ name: 'RequestError' })
  await daemon.start()
  await patient
  expect(client.state).toBe('ready')
})

test('a runtime without a WebSocket is named at once, with the cure', async () => {
  vi.stubGlobal('WebSocket', undefined)
  try {
    const client = new WhatsappdClient({ url: daemon.url, token: daemon.token })
    await expect(client.connect()).rejects.toMatchObject({
      code: 'websocket_missing',
      retryable: false,
      action: expect.stringContaining("from 'ws'"),
    })
    expect(client.state).toBe('closed')
  } finally {
    vi.unstubAllGlobals()
  }
})

test.each(['', 'sandbox.example/v1/ws', '/v1/ws', 'file:///v1/ws'])(
  '"%s" is no address, said at once',
  async (url) => {
    await expect(newClient({ url }).connect()).rejects.toMatchObject({
      code: 'invalid_url',
      retryable: false,
    })
  },
)

test('what a socket reports is the cause of the failure', async () => {
  await daemon.stop()
  const client = newClient({ reconnect: false })
  const error: unknown = await client.connect().catch((failure: unknown) => failure)
  expect(error).toMatchObject({ code: 'daemon_offline', cause: { code: 'ECONNREFUSED' } })
})

/** Where a page's policy blocks it, Chromium's socket has an error event without any fact, and no close event. */
class BlockedSocket extends EventTarget {
  constructor(url: string) {
    super()
    setImmediate(() => {
      this.dispatchEvent(new Event('error'))
      const violation = new Event('securitypolicyviolation')
      Object.assign(violation, { blockedURI: url, disposition: 'enforce', effectiveDirective: 'connect-src' })
      Reflect.get(globalThis, 'document')?.dispatchEvent(violation)
    })
  }
  send(): void {}
  close(): void {}
}

test('an error without a close is not waited out, and the policy of the page is named', async () => {
  vi.stubGlobal('document', new EventTarget())
  try {
    const url = 'wss://sandbox.example/v1/ws'
    const client = newClient({
      url,
      WebSocket: BlockedSocket as never,
      fetch: () => Promise.reject(new TypeError()),
    })
    await expect(client.connect({ timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'blocked_by_page',
      action: expect.stringContaining('connect-src'),
    })
  } finally {
    vi.unstubAllGlobals()
  }
})

test('an error without a close and without a reason is a daemon that cannot be reached', async () => {
  const client = newClient({
    url: 'wss://sandbox.example/v1/ws',
    WebSocket: BlockedSocket as never,
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    reconnect: false,
  })
  await expect(client.connect()).rejects.toMatchObject({ code: 'tunnel_unreachable' })
})
