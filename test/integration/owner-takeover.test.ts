import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRedisClient } from '../../src/storage/leases/redis-client.ts'
import { CommandLine } from '../support/command-line.ts'
import { RedisServer } from '../support/redis-server.ts'
import { Sibling } from '../support/sibling.ts'
import { OWNER, Stack } from '../support/stack.ts'

const TTL_SECONDS = 2
/** The promise for a takeover, beyond the lease's life, is 10 s on an idle machine. */
const TAKEOVER_MS = 30_000

/** A daemon as a process of its own holds the lease; another one, with a copy of its state, waits for it. */
describe('a lease whose holder', () => {
  let redis: RedisServer
  let stack: Stack
  let sibling: Sibling
  let owner: CommandLine
  beforeEach(async () => {
    redis = await RedisServer.prepare()
    await redis.start()
    stack = await Stack.start({ daemon: { lock: { redis: { url: redis.url, ttlSeconds: TTL_SECONDS } } } })
    // A server this young may have forgotten another owner.
    await stack.untilState('unlinked')
    await stack.link()
    await stack.stopDaemon()
    sibling = new Sibling(stack)
    const place = ['--config', stack.configPath, '--state-dir', stack.stateDir, '--port', '0']
    owner = new CommandLine(['run', ...place])
    await owner.waitFor(/default: connected/)
    await sibling.start()
    await sibling.untilState('owner_busy')
  })
  afterEach(async () => {
    owner.signal('SIGCONT')
    await owner.end()
    await sibling.stop()
    await stack.stop()
    await redis.end()
  })

  it('is killed goes to the next one in time', async () => {
    owner.signal('SIGKILL')
    await sibling.untilState('connected', TTL_SECONDS * 1_000 + TAKEOVER_MS)
    await stack.alice.sendText(OWNER, 'after the kill')
    await stack.alice.waitForText('after the kill')
  })

  // Whoever was stopped for longer than the lease lasts wakes up in the belief that it still holds it.
  it('is stopped and goes on later hears nothing more of it, and knows who has it', async () => {
    const [session] = stack.simulator.connections
    owner.signal('SIGSTOP')
    // It lies in the stopped process' socket, and would be acknowledged and answered.
    await stack.alice.sendText(OWNER, 'to whom')
    await sibling.untilState('connected', TTL_SECONDS * 1_000 + TAKEOVER_MS)
    await stack.alice.waitForText('to whom')
    let fromOwner = 0
    let logins = 0
    stack.simulator.onTrace(({ direction, node, connection }) => {
      if (direction === 'in' && connection.sinceMs === session?.sinceMs) fromOwner += 1
      if (direction === 'out' && node.tag === 'success') logins += 1
    })
    owner.signal('SIGCONT')
    await owner.waitFor(new RegExp(`default: owner busy.*process ${process.pid} `))
    await delay(TTL_SECONDS * 1_500)
    expect({ fromOwner, logins }).toEqual({ fromOwner: 0, logins: 0 })
    expect(sibling.account().state).toBe('connected')
    expect(stack.alice.received.filter(({ text }) => text.includes('to whom'))).toHaveLength(1)

    await sibling.stop()
    await expect.poll(() => logins).toBe(1)
    await stack.alice.sendText(OWNER, 'and back')
    await stack.alice.waitForText('and back')
  })

  // Here WhatsApp has not thrown it out: the connection that it wakes up with still works.
  it('sends nothing over a connection that outlived the lease', async () => {
    await sibling.stop()
    const client = createRedisClient(new URL(redis.url), 1_000)
    await client.connect()
    const [key = ''] = await client.keys('whatsappd:owner:*')
    owner.signal('SIGSTOP')
    await expect.poll(() => client.exists(key)).toBe(0)
    await client.set(key, JSON.stringify({ token: 'another', hostname: 'elsewhere', pid: 7 }))
    await stack.alice.sendText(OWNER, 'to nobody')
    const fromOwner: string[] = []
    const stopTrace = stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in') fromOwner.push(node.tag)
    })
    owner.signal('SIGCONT')
    await owner.waitFor(/default: owner busy.*process 7 on elsewhere/)
    await expect.poll(() => stack.simulator.connections).toHaveLength(0)
    expect(fromOwner).toEqual([])
    expect(stack.alice.received).toHaveLength(0)
    stopTrace()

    await client.del(key)
    client.disconnect()
    await stack.alice.waitForText('to nobody')
    expect(stack.alice.received).toHaveLength(1)
  })
})
