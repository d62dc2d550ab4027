import { createRequire } from 'node:module'
import { hostname } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/observability/log/logger.ts'
import { RedisServer } from '../support/redis-server.ts'
import { Sibling } from '../support/sibling.ts'
import { OWNER, Stack } from '../support/stack.ts'

const TTL_SECONDS = 2

const loadsTheClient = (): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/ioredis/'))

describe('the lease of an account', () => {
  let redis: RedisServer
  let stack: Stack
  let sibling: Sibling | null = null
  beforeEach(async () => {
    redis = await RedisServer.prepare()
  })
  afterEach(async () => {
    await sibling?.stop()
    sibling = null
    await stack.stop()
    await redis.end()
  })

  const lock = (url: unknown = redis.url) => ({ lock: { redis: { url, ttlSeconds: TTL_SECONDS } } })
  /** Lets the server become so old that it would know of another owner. */
  const start = async (): Promise<void> => {
    stack = await Stack.start({ daemon: lock() })
    await stack.untilState('unlinked')
  }
  /** What the server has of the holder; `null` where nobody holds it. */
  const holder = async (): Promise<string | null> => {
    // It loads the client.
    const { createRedisClient } = await import('../../src/storage/leases/redis-client.ts')
    const client = createRedisClient(new URL(redis.url), 5_000)
    try {
      await client.connect()
      const [key] = await client.keys('whatsappd:owner:*')
      return key === undefined ? null : await client.get(key)
    } finally {
      client.disconnect()
    }
  }
  const answers = async (text: string): Promise<void> => {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
    expect(stack.alice.received.filter((message) => message.text.includes(text))).toHaveLength(1)
  }

  it('costs nothing where none is configured: its client is not even loaded', async () => {
    stack = await Stack.start()
    await stack.link()
    expect(loadsTheClient()).toBe(false)
  })

  it('lets one of two hosts in, names it to the other, and goes over at a stop', async () => {
    await redis.start()
    await start()
    await stack.link()
    expect(loadsTheClient()).toBe(true)
    await stack.stopDaemon()
    sibling = new Sibling(stack)
    await stack.startDaemon()
    await stack.untilState('connected')

    await sibling.start()
    const { reason } = await sibling.untilState('owner_busy')
    expect(reason).toMatchObject({
      code: 'owner_busy',
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    })
    await expect(sibling.daemon.registry.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'owner_busy',
      details: { pid: process.pid, hostname: hostname() },
    })
    await expect(sibling.daemon.registry.disconnect('default')).rejects.toMatchObject({ code: 'owner_busy' })
    await answers('who is it')
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)

    const held = await holder()
    await stack.stopDaemon()
    // Given back, not left to run out.
    expect(await holder()).not.toBe(held)
    await sibling.untilState('connected')
    await answers('and now')
  })

  it('is regained when the server restarts in time, without a word', async () => {
    await redis.start()
    await start()
    await stack.link()
    const states = stack.published('account.status').length
    await redis.kill()
    await redis.start()
    await answers('still here')
    // Longer than the lease: it has been renewed at the new server.
    await expect(
      stack.until('a change', () => stack.published('account.status').length > states, TTL_SECONDS * 1_500),
    ).rejects.toThrow('waited in vain')
    expect(stack.account().state).toBe('connected')
  })

  it.each(['kill', 'pause'] as const)(
    'closes the connection when the server does not answer (%s) for its life, and comes back with it',
    async (how) => {
      await redis.start()
      await start()
      await stack.link()
      await redis[how]()
      const { reason } = await stack.untilState('owner_busy', 10 * TTL_SECONDS * 1_000)
      expect(reason?.code).toBe('lock_unreachable')
      await expect.poll(() => stack.simulator.connections).toHaveLength(0)
      await redis.kill()
      await redis.start()
      await stack.untilState('connected')
      await answers('again')
    },
  )

  it('says what is wrong when the server cannot be reached at the start, and tries again', async () => {
    const lines: string[] = []
    const url = `redis://somebody:a-password@127.0.0.1:${redis.port}/0`
    stack = await Stack.start({
      daemon: lock({ env: 'LOCK_URL' }),
      env: { LOCK_URL: url },
      logger: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    })
    const { reason } = await stack.untilState('owner_busy')
    expect(reason).toMatchObject({
      code: 'lock_unreachable',
      message: expect.stringContaining(`127.0.0.1:${redis.port}`),
      action: expect.stringContaining('whatsappd.lock.redis'),
    })
    await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
      code: 'owner_busy',
    })
    expect(lines.length).toBeGreaterThan(0)
    expect(JSON.stringify([reason, lines, stack.events])).not.toContain('a-password')
  })

  it('names the setting when its secret is missing or no URL', async () => {
    stack = await Stack.start({ daemon: lock({ env: 'LOCK_URL' }), env: {} })
    const { reason } = await stack.untilState('misconfigured')
    expect(reason?.message).toContain(
      'whatsappd.lock.redis.url: the environment variable LOCK_URL is not set',
    )
  })
})
