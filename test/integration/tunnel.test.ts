import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { ClientState, ClientStateChange, EventMeta } from '../../src/client/client-events.ts'
import { ALICE, MALLORY, Stack } from '../support/stack.ts'
import { NginxTunnel } from '../support/tunnels/nginx-tunnel.ts'
import { NodeTunnel } from '../support/tunnels/node-tunnel.ts'
import { FROM_OUTSIDE, fetchFromOutside, outsideUrl } from '../support/tunnels/outside.ts'
import type { Tunnel, TunnelOptions } from '../support/tunnels/tunnel.ts'
import { inTime } from '../support/in-time.ts'

const DASHBOARD = 'https://dashboard.example'

/** Continuous integration installs nginx and asks for it; a proxy library stands in everywhere. */
const TUNNELS: readonly (readonly [name: string, make: (options: TunnelOptions) => Tunnel])[] = [
  ['a proxy library', (options) => new NodeTunnel(options)],
  ...(process.env.WHATSAPPD_TEST_NGINX === '1'
    ? ([['nginx', (options: TunnelOptions) => new NginxTunnel(options)]] as const)
    : []),
]

/** As a browser on the dashboard's page opens it. */
class DashboardSocket extends WebSocket {
  constructor(url: string) {
    super(url, { rejectUnauthorized: false, origin: DASHBOARD })
  }
}

/** The same, by the sandbox's public name. */
class DistantSocket extends WebSocket {
  constructor(url: string) {
    super(url, { ...FROM_OUTSIDE, origin: DASHBOARD })
  }
}

describe.each(TUNNELS)('through a tunnel (%s)', (_name, makeTunnel) => {
  let stack: Stack
  let tunnel: Tunnel
  let client: WhatsappdClient
  let changes: ClientStateChange[]

  async function open(idleMs: number, pingIntervalMs = 25_000): Promise<void> {
    tunnel = makeTunnel({ target: stack.url, idleMs })
    await tunnel.start()
    changes = []
    client = new WhatsappdClient({
      url: `${tunnel.origin.replace('https', 'wss')}/v1/ws`,
      token: localToken(),
      WebSocket: DashboardSocket,
      pingIntervalMs,
      random: () => 0,
    })
    client.on('state', (change) => void changes.push(change))
    await client.connect()
  }

  /** Where nothing answers at all, only a name that is not this machine's own tells the way from the daemon. */
  async function connectFromOutside(): Promise<void> {
    client.close()
    client = new WhatsappdClient({
      url: outsideUrl(tunnel.origin),
      token: localToken(),
      WebSocket: DistantSocket,
      fetch: fetchFromOutside,
      random: () => 0,
    })
    await client.connect()
  }

  const tokenPath = (): string => join(stack.stateDir, 'token')
  const localToken = (): string => readFileSync(tokenPath(), 'utf8').trim()

  function writeConfig(allowFrom: string[]): void {
    stack.writeConfig(allowFrom)
    const config = JSON.parse(stack.readConfig()) as { whatsappd: object } // just written
    const whatsappd = { ...config.whatsappd, allowedOrigins: [DASHBOARD] }
    stack.writeRawConfig(JSON.stringify({ ...config, whatsappd }))
  }

  const untilState = (fits: (state: ClientState) => boolean): Promise<void> =>
    inTime(
      'another state of the client',
      new Promise((resolve) => {
        const stop = client.on('state', ({ state }) => {
          if (!fits(state)) return
          stop()
          resolve()
        })
      }),
    )
  /** State and cause have the same name: the loss of a connection alone proves nothing. */
  const untilCause = (cause: 'tunnel_unreachable' | 'daemon_offline' | 'unauthorized'): Promise<void> =>
    inTime(
      cause,
      new Promise((resolve) => {
        const stop = client.on('state', ({ state, error }) => {
          if (state !== cause || error?.code !== cause) return
          stop()
          resolve()
        })
      }),
    )
  const untilLost = (): Promise<void> => untilState((state) => state !== 'ready')
  const untilReadyAgain = async (): Promise<void> => {
    if (client.state !== 'ready') await untilState((state) => state === 'ready')
  }
  const upgrade = (options: ClientOptions): WebSocket =>
    new WebSocket(`${tunnel.origin.replace('https', 'wss')}/v1/ws`, { rejectUnauthorized: false, ...options })

  beforeEach(async () => {
    stack = await Stack.start()
    writeConfig([ALICE])
    await stack.untilEvent('config.applied', ({ changed }) =>
      changed.some((path) => path.includes('allowedOrigins')),
    )
  })
  afterEach(async () => {
    client.close()
    await tunnel.remove()
    await stack.stop()
  })

  it('a dashboard links, follows and edits', async () => {
    await open(60_000)
    const qr = new Promise<string>((resolve) => client.on('account.qr', (offer) => resolve(offer.qr)))
    const connected = new Promise<void>((resolve) =>
      client.on('account.status', ({ state }) => {
        if (state === 'connected') resolve()
      }),
    )
    await client.request('accounts.link', { method: 'qr' })
    await stack.owner.scan(await inTime('a QR code', qr))
    await inTime('connected', connected)
    const { allowFrom } = await client.request('config.addAllowFrom', { allowFrom: [MALLORY] })
    expect(allowFrom).toEqual([ALICE, MALLORY])
  })

  it('misses nothing and sees nothing twice when the tunnel restarts', async () => {
    await open(60_000)
    const seen: EventMeta[] = []
    client.on('config.applied', (_payload, meta) => void seen.push(meta))
    const lost = untilLost()
    await tunnel.stop()
    await lost
    writeConfig([ALICE, MALLORY])
    await stack.untilEvent('config.applied', ({ changed }) =>
      changed.some((path) => path.includes('allowFrom')),
    )
    await tunnel.start()
    await untilReadyAgain()
    // The answer to a later request follows the events that were replayed.
    await client.request('session.ping', {})
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ replayed: true })
  })

  it('comes back when the tunnel cuts what is silent', async () => {
    await open(600)
    await untilLost()
    await untilReadyAgain()
    expect((await client.request('accounts.list', {})).accounts).toHaveLength(1)
  })

  it('stays where it speaks more often than the tunnel wants', async () => {
    await open(1_000, 200)
    changes.length = 0
    // Somebody silent is cut meanwhile, so the time has passed.
    const silent = upgrade({ origin: DASHBOARD, headers: { authorization: 'none' } })
    silent.on('error', () => {})
    await once(silent, 'close')
    expect(changes).toEqual([])
    expect(client.state).toBe('ready')
  })

  it('tells a closed tunnel, a daemon that does not run and a token that is refused apart', async () => {
    await open(60_000)
    await connectFromOutside()
    const unreachable = untilCause('tunnel_unreachable')
    await tunnel.stop()
    await unreachable
    await tunnel.start()
    await untilReadyAgain()
    const unauthorized = untilCause('unauthorized')
    rmSync(tokenPath())
    await unauthorized
    await expect.poll(() => existsSync(tokenPath())).toBe(true)
    await connectFromOutside()
    const offline = untilCause('daemon_offline')
    await stack.stopDaemon()
    await offline
    const unreachableToo = untilCause('tunnel_unreachable')
    await tunnel.stop()
    await unreachableToo
  })

  it('nobody is trusted for coming from this machine', async () => {
    await open(60_000)
    const answers = await Promise.all(
      [
        { origin: 'https://evil.example' },
        { origin: `${DASHBOARD}.evil.example` },
        { origin: 'http://dashboard.example' },
        { origin: 'null' },
        { origin: tunnel.origin },
      ].map(async (options) => {
        const socket = upgrade(options)
        socket.on('error', () => {})
        const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
        return response.statusCode
      }),
    )
    expect(answers).toEqual([403, 403, 403, 403, 403])
    const unauthorized = upgrade({ headers: { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' } })
    const frames: string[] = []
    unauthorized.on('message', (data: Buffer) => {
      frames.push(data.toString())
      if (frames.length === 1) {
        unauthorized.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'accounts.list', params: {} }))
      }
    })
    await once(unauthorized, 'close')
    expect(frames[1]).toContain('unauthorized')
    expect(frames.join('')).not.toContain('"accounts"')
  })
})
