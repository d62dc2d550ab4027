import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { Stack } from '../support/stack.ts'
import { CaddyTunnel } from '../support/tunnels/caddy-tunnel.ts'
import { NginxTunnel } from '../support/tunnels/nginx-tunnel.ts'
import { fetchFromOutside } from '../support/tunnels/outside.ts'
import type { Tunnel, TunnelOptions } from '../support/tunnels/tunnel.ts'

const IDLE_MS = 60_000

/** Continuous integration installs both, and asks for them. */
const RECIPES: readonly (readonly [name: string, make: (options: TunnelOptions) => Tunnel])[] =
  process.env['WHATSAPPD_TEST_NGINX'] === '1'
    ? [
        ['nginx', (options) => new NginxTunnel(options)],
        ['Caddy', (options) => new CaddyTunnel(options)],
      ]
    : []

class UntrustingSocket extends WebSocket {
  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols ?? [], { rejectUnauthorized: false } satisfies ClientOptions)
  }
}

describe.each(RECIPES)('the recipe for %s', (_name, makeTunnel) => {
  let stack: Stack
  let tunnel: Tunnel

  beforeEach(async () => {
    stack = await Stack.start()
    tunnel = makeTunnel({ target: stack.url, idleMs: IDLE_MS })
    await tunnel.start()
  })
  afterEach(async () => {
    await tunnel.remove()
    await stack.stop()
  })

  it.each(['', '/sandbox/7'])('passes everything on under the path "%s"', async (prefix) => {
    const at = `${tunnel.origin}${prefix}`
    expect((await fetchFromOutside(`${at}/livez`)).status).toBe(200)
    expect(await (await fetchFromOutside(`${at}/card.js`)).text()).toContain('whatsapp-card')
    const client = new WhatsappdClient({
      url: `${at.replace('https', 'wss')}/v1/ws`,
      token: readFileSync(join(stack.stateDir, 'token'), 'utf8').trim(),
      WebSocket: UntrustingSocket,
    })
    await client.connect({ timeoutMs: 10_000 })
    expect((await client.request('accounts.list', {})).accounts.map(({ account }) => account)).toEqual([
      'default',
    ])
    client.close()
  })
})

// Where neither is asked for, what they say is still about the daemon as it is installed.
it.each(['nginx.conf', 'Caddyfile'])('the recipe %s leads to the port of the daemon', (name) => {
  const recipe = readFileSync(join(import.meta.dirname, '../../docs/examples/tunnels', name), 'utf8')
  expect(recipe).toContain('127.0.0.1:8765')
})
