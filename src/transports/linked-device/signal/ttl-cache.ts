import type { CacheStore } from '@whiskeysockets/baileys'

/**
 * A bounded map whose entries die of age; what Baileys takes for its caches, without a timer. An entry from the future
 * is one of unknown age, since the clock was set back: it is expired as well.
 */
export class TtlCache implements CacheStore {
  readonly #entries = new Map<string, { value: unknown; storedAt: number; lifeMs: number }>()
  readonly #limit: number
  readonly #ttlMs: number
  readonly #now: () => number

  constructor(options: { limit: number; ttlMs: number; now?: () => number }) {
    this.#limit = options.limit
    this.#ttlMs = options.ttlMs
    this.#now = options.now ?? Date.now
  }

  get<T>(key: string): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    const ageMs = this.#now() - entry.storedAt
    if (ageMs < 0 || ageMs >= entry.lifeMs) {
      this.#entries.delete(key)
      return undefined
    }
    // `CacheStore` lets the caller name the type of what it stored under this key.
    return entry.value as T
  }

  set<T>(key: string, value: T, lifeMs = this.#ttlMs): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, storedAt: this.#now(), lifeMs })
    if (this.#entries.size <= this.#limit) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  del(key: string): void {
    this.#entries.delete(key)
  }

  flushAll(): void {
    this.#entries.clear()
  }
}
