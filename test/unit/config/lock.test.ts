import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const read = (lock: unknown) =>
  resolveConfig(JSON.stringify({ whatsappd: { lock } }), {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })

describe('whatsappd.lock', () => {
  it.each([undefined, {}])('%j means the lock of the directory alone', (lock) => {
    expect(read(lock).daemon.lock).toBeNull()
  })

  it.each([
    [{ env: 'REDIS_URL' }, { env: 'REDIS_URL' }],
    [{ file: 'redis-url' }, { file: '/etc/sandbox/redis-url' }],
    ['redis://127.0.0.1:6379/1', { literal: 'redis://127.0.0.1:6379/1' }],
  ])('takes %j', (url, expected) => {
    const { daemon, notices } = read({ redis: { url } })
    expect(daemon.lock).toEqual({ url: expected, ttlSeconds: 30 })
    expect(notices).toEqual([])
  })

  it('warns of a password that stands there in clear, without repeating it', () => {
    const { daemon, notices } = read({ redis: { url: 'rediss://:pass-word@cache', ttlSeconds: 5 } })
    expect(daemon.lock).toEqual({ url: { literal: 'rediss://:pass-word@cache' }, ttlSeconds: 5 })
    expect(notices).toMatchObject([{ code: 'literal_secret', path: 'whatsappd.lock.redis.url' }])
    expect(JSON.stringify(notices)).not.toContain('pass-word')
  })

  it.each([
    { redis: {} },
    { redis: { url: 'http://cache' } },
    { redis: { url: 'cache:6379' } },
    { redis: { url: 'redis://cache', ttlSeconds: 0 } },
    { redis: { url: 'redis://cache', ttl: 30 } },
    { radis: { url: 'redis://cache' } },
    true,
  ])('refuses %j', (lock) => {
    expect(() => read(lock)).toThrow(ConfigError)
  })
})
