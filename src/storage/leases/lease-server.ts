import type { Redis } from 'ioredis'
import { LeaseError } from './lease-error.ts'

/**
 * Takes a lease that is free or ours for ARGV[2] milliseconds; answers with the holder of another one. A server that
 * started within that time may have forgotten a holder: until it renews, a first request gets nothing. A server that
 * has run for longer and does not know a renewing holder (ARGV[3]) may have given the lease to another one since.
 */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return {'held', holder} end
if not holder then
  local info = redis.pcall('INFO', 'server')
  local uptime = type(info) == 'string' and tonumber(string.match(info, 'uptime_in_seconds:(%d+)'))
  local isYoung = uptime and uptime * 1000 <= tonumber(ARGV[2]) or false
  if (ARGV[3] == 'renewal') ~= isYoung then return {'forgotten'} end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'taken'}`

/** Releases our own lease, never that of another holder. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/** `forgotten`: the server cannot know whether another process has or had the lease. */
export type TakeOutcome = { outcome: 'taken' } | { outcome: 'held'; by: string } | { outcome: 'forgotten' }

export interface LeaseServerOptions {
  /** Read before each connection. Throws an `Error` that names the place and not the value. */
  url: () => string
  /** For a connection, and for each answer. */
  timeoutMs: number
}

/**
 * Leases in Redis or Valkey, over one connection for all accounts. The client library is loaded with the first call. No
 * retries: a call fails within the timeout, and the next one connects again.
 */
export class LeaseServer {
  readonly #options: LeaseServerOptions
  #client: Promise<Redis> | null = null

  constructor(options: LeaseServerOptions) {
    this.#options = options
  }

  /** Takes or renews in one step. `isRenewal`: the caller holds the lease, by its own clocks. Throws `LeaseError`. */
  async take(
    key: string,
    { value, ttlMs, isRenewal }: { value: string; ttlMs: number; isRenewal: boolean },
  ): Promise<TakeOutcome> {
    const reply = await this.#run((client) =>
      client.eval(TAKE, 1, key, value, ttlMs, isRenewal ? 'renewal' : 'first'),
    )
    const [outcome, holder] = Array.isArray(reply) ? (reply as unknown[]) : []
    if (outcome === 'held') return { outcome, by: String(holder) }
    return outcome === 'taken' ? { outcome } : { outcome: 'forgotten' }
  }

  /** Whether it answers, and takes user and password. Changes nothing. Throws `LeaseError`. */
  async ping(): Promise<void> {
    await this.#run((client) => client.ping())
  }

  /** Throws `LeaseError`. */
  async release(key: string, value: string): Promise<void> {
    await this.#run((client) => client.eval(RELEASE, 1, key, value))
  }

  /** Idempotent; a later call connects again. */
  async stop(): Promise<void> {
    const client = this.#client
    this.#client = null
    if (client === null) return
    try {
      const connected = await client
      connected.disconnect()
    } catch {
      // It was never connected.
    }
  }

  async #run(command: (client: Redis) => Promise<unknown>): Promise<unknown> {
    const client = (this.#client ??= this.#connect())
    try {
      return await command(await client)
    } catch (error) {
      if (this.#client === client) await this.stop()
      throw error instanceof LeaseError ? error : this.#unreachable(error)
    }
  }

  async #connect(): Promise<Redis> {
    const { timeoutMs } = this.#options
    const url = this.#url()
    const { createRedisClient } = await import('./redis-client.ts')
    let why: Error | null = null
    const client = createRedisClient(url, timeoutMs, (error) => {
      why ??= error
    })
    const deadline = setTimeout(() => client.disconnect(), timeoutMs)
    try {
      await client.connect()
      return client
    } catch (error) {
      client.disconnect()
      throw why ?? error
    } finally {
      clearTimeout(deadline)
    }
  }

  #url(): URL {
    let text: string
    try {
      text = this.#options.url()
    } catch (error) {
      throw new LeaseError(
        { code: 'config_invalid', detail: `whatsappd.lock.redis.url: ${messageOf(error)}` },
        error,
      )
    }
    const url = URL.canParse(text) ? new URL(text) : null
    if (url !== null && (url.protocol === 'redis:' || url.protocol === 'rediss:')) return url
    throw new LeaseError({
      code: 'config_invalid',
      detail: 'whatsappd.lock.redis.url is not a redis:// or rediss:// URL',
    })
  }

  /** Names the host and the failure, never the URL's user or password. */
  #unreachable(error: unknown): LeaseError {
    const { host } = this.#url()
    // The error is not passed on as the cause: it carries the command, and so the password.
    return new LeaseError({ code: 'lock_unreachable', detail: `${host}: ${messageOf(error)}` })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error'
}
