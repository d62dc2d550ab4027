import type { CacheStore } from '@whiskeysockets/baileys'
import type { Database } from '../../../storage/database/database.ts'
import { TtlCache } from './ttl-cache.ts'

/** Between two looks at what has expired. */
const PRUNE_EVERY_WRITES = 500
const MAX_KEY_LENGTH = 512

export interface StoredCacheOptions {
  database: Database
  /** Tells the caches of one database apart. */
  name: string
  limit: number
  ttlMs: number
  now?: () => number
}

/** A `TtlCache` that a restart does not empty. Its values are JSON. A disk that refuses makes it one that a restart does. */
export class StoredCache implements CacheStore {
  readonly #options: StoredCacheOptions
  readonly #memory: TtlCache
  readonly #now: () => number
  #writes = 0

  /** Throws `StorageError`. */
  constructor(options: StoredCacheOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#memory = new TtlCache(options)
    this.#prune()
    for (const { key, value, expires_at } of this.#rows()) {
      const parsed = parse(value)
      if (parsed !== undefined) this.#memory.set(key, parsed, expires_at - this.#now())
    }
  }

  get<T>(key: string): T | undefined {
    return this.#memory.get(key)
  }

  set<T>(key: string, value: T): void {
    const { database, name, ttlMs } = this.#options
    // Made of ids and addresses of WhatsApp; of longer ones nothing else is kept either.
    if (key.length > MAX_KEY_LENGTH) return
    this.#memory.set(key, value)
    this.#write(() =>
      database
        .prepare('INSERT OR REPLACE INTO caches (cache, key, value, expires_at) VALUES (?, ?, ?, ?)')
        .run(name, key, JSON.stringify(value), this.#now() + ttlMs),
    )
    this.#writes += 1
    if (this.#writes % PRUNE_EVERY_WRITES === 0) this.#write(() => this.#prune())
  }

  del(key: string): void {
    const { database, name } = this.#options
    this.#memory.del(key)
    this.#write(() => database.prepare('DELETE FROM caches WHERE cache = ? AND key = ?').run(name, key))
  }

  flushAll(): void {
    const { database, name } = this.#options
    this.#memory.flushAll()
    this.#write(() => database.prepare('DELETE FROM caches WHERE cache = ?').run(name))
  }

  #rows(): { key: string; value: string; expires_at: number }[] {
    const { database, name } = this.#options
    return database
      .prepare('SELECT key, value, expires_at FROM caches WHERE cache = ? ORDER BY expires_at')
      .all(name) as { key: string; value: string; expires_at: number }[] // the columns of the query
  }

  #prune(): void {
    const { database, name, limit, ttlMs } = this.#options
    const at = this.#now()
    database.transaction(() => {
      // What would live longer than it may was stored before the clock was set back.
      database
        .prepare('DELETE FROM caches WHERE cache = ? AND (expires_at <= ? OR expires_at > ?)')
        .run(name, at, at + ttlMs)
      database
        .prepare(
          `DELETE FROM caches WHERE cache = ?1 AND key NOT IN
             (SELECT key FROM caches WHERE cache = ?1 ORDER BY expires_at DESC LIMIT ?2)`,
        )
        .run(name, limit)
    })
  }

  #write(work: () => void): void {
    try {
      this.#options.database.transaction(work)
    } catch {
      // The database has reported it to its owner; what is cached can be asked for again.
    }
  }
}

/** `undefined` for what this class did not write: it is asked for again. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
