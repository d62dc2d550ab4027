import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Lease } from '../../src/storage/leases/lease.ts'
import type { LeaseObstacle } from '../../src/storage/leases/lease-error.ts'
import { LeaseServer } from '../../src/storage/leases/lease-server.ts'
import { RedisServer } from '../support/redis-server.ts'
import { inTime } from '../support/in-time.ts'

const KEY = 'whatsappd:owner:test'
const TTL_MS = 3_000

/** A lease with clocks that can be set, and what it told. */
class Holder {
  wallJumpMs = 0
  monotonicJumpMs = 0
  readonly told: (LeaseObstacle | 'acquired')[] = []
  readonly server: LeaseServer
  readonly lease: Lease
  readonly #watchers = new Set<() => void>()

  constructor(url: string, token: string) {
    this.server = new LeaseServer({ url: () => url, timeoutMs: 1_000 })
    const tell = (what: LeaseObstacle | 'acquired'): void => {
      this.told.push(what)
      for (const watcher of this.#watchers) watcher()
    }
    this.lease = new Lease({
      server: this.server,
      key: () => KEY,
      ttlMs: TTL_MS,
      holder: { token, hostname: `host-of-${token}`, pid: 7 },
      events: { acquired: () => tell('acquired'), refused: tell },
      now: () => Date.now() + this.wallJumpMs,
      monotonicNow: () => performance.now() + this.monotonicJumpMs,
    })
  }

  /** Resolves when it has been told something for the `count`th time. */
  untilTold(count: number): Promise<void> {
    const told = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.told.length < count) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
    return inTime(`news number ${count} of the lease`, told)
  }

  /** Resolves when it has the lease. */
  async untilAcquired(): Promise<void> {
    for (let count = 1; this.told.at(-1) !== 'acquired'; count += 1) await this.untilTold(count)
  }

  async stop(): Promise<void> {
    await this.lease.stop()
    await this.server.stop()
  }
}

describe('the clocks of a lease', () => {
  let redis: RedisServer
  const holders: Holder[] = []
  const begin = (token: string, password = 'open-sesame'): Holder => {
    const holder = new Holder(`redis://:${password}@127.0.0.1:${redis.port}`, token)
    holders.push(holder)
    holder.lease.start()
    return holder
  }

  beforeAll(async () => {
    redis = await RedisServer.prepare('--requirepass', 'open-sesame')
    await redis.start()
    // A server that has just started lets nobody in.
    const first = begin('first')
    await first.untilAcquired()
    await first.stop()
  })
  afterEach(async () => {
    for (const each of holders.splice(0)) await each.stop()
  })
  afterAll(() => redis.end())

  // The monotonic clock stands still while a machine sleeps; the wall clock can be set back.
  it.each(['wallJumpMs', 'monotonicJumpMs'] as const)(
    'end it at once, whichever jumps (%s), and it is asked for again',
    async (clock) => {
      const holder = begin('a')
      await holder.untilTold(1)
      expect(() => holder.lease.check()).not.toThrow()
      holder[clock] = TTL_MS
      expect(() => holder.lease.check()).toThrow('the lease ran out before it was renewed')
      expect(holder.told).toEqual(['acquired', expect.objectContaining({ code: 'lock_unreachable' })])
      await holder.untilTold(3)
      expect(holder.told[2]).toBe('acquired')
      expect(() => holder.lease.check()).not.toThrow()
    },
  )

  it('are no help once another one has it', async () => {
    const first = begin('a')
    await first.untilTold(1)
    const second = begin('b')
    await second.untilTold(1)
    const [refusal] = second.told
    expect(refusal).toMatchObject({ code: 'owner_busy', holder: { pid: 7, hostname: 'host-of-a' } })
    expect(() => second.lease.check()).toThrow('held by process 7 on host-of-a')

    await first.lease.stop()
    await second.untilTold(2)
    expect(second.told[1]).toBe('acquired')
    // Whoever gave it back, or lost it, cannot take it from its successor.
    await first.server.release(KEY, JSON.stringify({ token: 'a', hostname: 'host-of-a', pid: 7 }))
    expect(await first.server.take(KEY, { value: 'c', ttlMs: TTL_MS, isRenewal: false })).toMatchObject({
      outcome: 'held',
      by: expect.stringContaining('"token":"b"'),
    })
  })

  it('run on while it is renewed: it is never lost', async () => {
    const holder = begin('a')
    await holder.untilTold(1)
    const other = begin('b')
    await new Promise((resolve) => setTimeout(resolve, TTL_MS * 1.5))
    expect(holder.told).toEqual(['acquired'])
    expect(other.told).toHaveLength(1)
  })

  it('do not start with a wrong password, which is not repeated', async () => {
    const holder = begin('a', 'guess-again')
    await holder.untilTold(1)
    expect(holder.told).toMatchObject([{ code: 'lock_unreachable' }])
    expect(JSON.stringify(holder.told)).toMatch(/WRONGPASS|NOAUTH/)
    expect(JSON.stringify(holder.told)).not.toContain('guess-again')
  })

  it('end it at once when the server forgot and another one may have been let in', async () => {
    const holder = begin('a')
    await holder.untilAcquired()
    // As `FLUSHALL` does, or an eviction.
    await holder.server.release(KEY, JSON.stringify({ token: 'a', hostname: 'host-of-a', pid: 7 }))
    await holder.untilTold(2)
    expect(holder.told[1]).toMatchObject({
      code: 'lock_unreachable',
      detail: expect.stringContaining('forgotten'),
    })
    await holder.untilTold(3)
    expect(holder.told[2]).toBe('acquired')
  })

  // A server without persistence handed the lease to whoever asked first after its restart, while the holder, who had
  // renewed a moment before, went on for a third of the lease's life.
  it('keep it over a restart of a server that forgets, and nobody else gets it meanwhile', async () => {
    const holder = begin('a')
    await holder.untilAcquired()
    await redis.kill()
    await redis.start()
    const other = begin('b')
    await other.untilTold(2)
    expect(holder.told).toEqual(['acquired'])
    expect(other.told).toMatchObject([
      { code: 'lock_unreachable', detail: expect.stringContaining('has just started') },
      { code: 'owner_busy', holder: { hostname: 'host-of-a' } },
    ])
  })
})
