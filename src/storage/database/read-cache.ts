import type { Database } from './database.ts'

/** Keys come from other machines, too. */
const MAX_KEY_LENGTH = 64

/**
 * What was read of a table, kept in memory while it is true. The owner of the table calls `clear` after each write of its own; what was
 * read before a rollback or a failure of the file is forgotten by itself, so that it is the file that answers, or throws.
 */
export class ReadCache<Value> {
  readonly #database: Pick<Database, 'rollbacks'>
  readonly #limit: number
  readonly #values = new Map<string, Value>()
  #rollbacks: number

  /** Keeps the latest `limit` answers. */
  constructor(database: Pick<Database, 'rollbacks'>, limit: number) {
    this.#database = database
    this.#limit = limit
    this.#rollbacks = database.rollbacks
  }

  /** What `read` answered for this key last, or answers now. Throws what it throws. */
  get(key: string, read: () => Value): Value {
    if (this.#rollbacks !== this.#database.rollbacks) {
      this.#rollbacks = this.#database.rollbacks
      this.#values.clear()
    }
    const known = this.#values.get(key)
    if (known !== undefined) return known
    const value = read()
    if (key.length > MAX_KEY_LENGTH) return value
    if (this.#values.size >= this.#limit) {
      const [oldest] = this.#values.keys()
      if (oldest !== undefined) this.#values.delete(oldest)
    }
    this.#values.set(key, value)
    return value
  }

  clear(): void {
    this.#values.clear()
  }
}
