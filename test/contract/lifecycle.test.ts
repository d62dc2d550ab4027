import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LoginLinks } from '../../src/control/auth/login-link.ts'
import { MAX_UNSENT_BYTES } from '../../src/control/websocket/outbound-queue.ts'
import { startHarness } from './support/control-harness.ts'
import type { Harness } from './support/control-harness.ts'
import { accountView } from './support/fake-ports.ts'

/** The largest event there is, about. */
const LARGE_BYTES = 30_000
const LARGE_LIST = Array.from({ length: 30 }, () => 'x'.repeat(LARGE_BYTES / 30 - 10))

describe('lifecycle', () => {
  let harness: Harness

  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.stop())

  it('names the setting when the port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    const { port } = squatter.address() as AddressInfo
    await expect(startHarness({ listen: () => ({ host: '127.0.0.1', port }) })).rejects.toMatchObject({
      code: 'misconfigured',
      message: `Port ${port} on 127.0.0.1 is taken by another process.`,
      action: expect.stringContaining('whatsappd.listen.port'),
    })
    squatter.close()
  })

  it('tells subscribers that it stops, closes with 1001, and is gone', async () => {
    const subscriber = await harness.ready()
    await subscriber.request('session.subscribe')
    const bystander = harness.connect()
    await bystander.hello()
    await harness.server.stop('upgrade')
    expect(await subscriber.closed).toEqual({ code: 1001, reason: 'stopping' })
    expect(await bystander.closed).toEqual({ code: 1001, reason: 'stopping' })
    expect(subscriber.frames.at(-1)).toMatchObject({
      method: 'server.stopping',
      params: { eventId: null, reason: 'upgrade' },
    })
    expect(bystander.frames).toHaveLength(1)
    await expect(fetch(`${harness.http}/livez`)).rejects.toThrow()
    await harness.server.stop()
  })

  it('stops in time although a peer does not answer', async () => {
    const dead = await harness.ready()
    dead.socket.pause()
    const before = performance.now()
    await harness.server.stop()
    expect(performance.now() - before).toBeLessThan(20_000)
  })

  it('cuts off a peer that leaves two pings unanswered, and nobody else', async () => {
    await harness.stop()
    harness = await startHarness({ limits: { heartbeatMs: 50 } })
    const silent = harness.connect({ autoPong: false })
    await silent.hello()
    const alive = harness.connect()
    await alive.hello()
    expect((await silent.closed).code).toBe(1006)
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
    expect(harness.log()).toContain('two pings unanswered')
  })

  it('closes when the token expires', async () => {
    await harness.stop()
    const almostOver = 12 * 3_600_000 - 300
    const loginLinks = new LoginLinks({ now: () => new Date(Date.now() - almostOver) })
    harness = await startHarness({ loginLinks })
    const token = loginLinks.redeem(loginLinks.createCode().value)?.value ?? ''
    const client = await harness.ready(token)
    expect(await client.closed).toEqual({ code: 4440, reason: 'token_expired' })
  })

  it('cuts off a peer that does not read, while the others get every event in order', async () => {
    const slow = await harness.ready()
    const quick = await harness.ready()
    await slow.request('session.subscribe')
    await quick.request('session.subscribe')
    slow.socket.pause()
    const payload = { revision: 'r2', changed: LARGE_LIST }
    // More than the bound and whatever the kernels of both ends buffer for a loopback socket.
    const count = Math.ceil((MAX_UNSENT_BYTES + 14 * 1_024 * 1_024) / LARGE_BYTES)
    for (let index = 1; index <= count; index += 1) {
      harness.hub.publish('config.applied', payload)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await quick.event('config.applied', (params) => params['eventId'] === count)
    expect(quick.events.map((event) => event.params?.['eventId'])).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    )
    slow.socket.resume()
    expect((await slow.closed).code).toBe(1006)
    expect(harness.log()).toContain('the peer does not read')
  })

  it('gives a peer that reads slowly every message, and everything in order', async () => {
    const slow = await harness.ready()
    await slow.request('session.subscribe')
    slow.socket.pause()
    const applied = { revision: 'r2', changed: LARGE_LIST }
    const rounds = 200
    for (let index = 1; index <= rounds; index += 1) {
      if (index % 2 === 0) harness.hub.publish('config.applied', applied)
      harness.hub.publish('account.status', accountView({ attempt: index }))
      await new Promise((resolve) => setImmediate(resolve))
    }
    slow.socket.resume()
    await slow.event('account.status', (params) => params['attempt'] === rounds)
    const ids = slow.events.map((event) => Number(event.params?.['eventId']))
    expect(ids).toEqual([...ids].sort((left, right) => left - right))
    expect(slow.events.filter((event) => event.method === 'config.applied')).toHaveLength(rounds / 2)
  })
})
