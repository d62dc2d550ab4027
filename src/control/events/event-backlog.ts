import type { Logger } from 'pino'
import type { EventName } from '../../protocol/events.ts'
import type { EventStore } from './event-store.ts'
import type { StoredEvent } from './stored-event.ts'

/** Kept in memory while the disk rejects them; beyond this the oldest are dropped. */
const MAX_UNSTORED = 1_000
const RETRY_MS = 5_000

/**
 * The log on a disk that may reject writes for a while: events that could not be stored are kept, are still replayed to
 * clients, and are stored later. Logs once when that begins and once when it ends. Never throws.
 */
export class EventBacklog {
  readonly #store: EventStore
  readonly #logger: Logger
  #unstored: StoredEvent[] = []
  #dropped = 0
  #retry: NodeJS.Timeout | undefined

  constructor(store: EventStore, logger: Logger) {
    this.#store = store
    this.#logger = logger
  }

  /** Stores what is left, if the disk accepts it. Idempotent. */
  stop(): void {
    if (this.#unstored.length > 0) this.#write()
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#unstored = []
  }

  add(events: readonly StoredEvent[]): void {
    this.#unstored.push(...events)
    if (this.#retry === undefined) this.#write()
    const excess = this.#unstored.length - MAX_UNSTORED
    if (excess <= 0) return
    this.#unstored.splice(0, excess)
    this.#dropped += excess
  }

  /** What the disk has refused and was not dropped. */
  get unstored(): readonly StoredEvent[] {
    return this.#unstored
  }

  /** Whether this very event is known here. */
  has(event: StoredEvent): boolean {
    return (
      this.#unstored.some((each) => isSame(each, event)) || this.#read(() => this.#store.has(event), false)
    )
  }

  /** At most `limit` events with `since < id`, the newest of them, in ascending order. */
  after(since: number, limit: number): StoredEvent[] {
    const stored = this.#read(() => this.#store.after(since, limit), [])
    return [...stored, ...this.#unstored.filter(({ id }) => id > since)].slice(-limit)
  }

  /** How many events after `since` are known: fewer than there were when some are in no log. */
  countAfter(since: number): number {
    const stored = this.#read(() => this.#store.countAfter(since), 0)
    return stored + this.#unstored.filter(({ id }) => id > since).length
  }

  /** The newest `limit` events of this name, newest first. */
  latest(name: EventName, limit: number): StoredEvent[] {
    const unstored = this.#unstored.filter((event) => event.name === name).toReversed()
    return [...unstored, ...this.#read(() => this.#store.latest(name, limit), [])].slice(0, limit)
  }

  /** As in `EventStore`, of the ones that are not stored yet, too. Throws `StorageError`. */
  erase(account: string, names: readonly string[]): void {
    if (this.#unstored.length > 0) this.#write()
    const isNamed = ({ payload }: StoredEvent): boolean =>
      payload.includes(`"account":${JSON.stringify(account)}`) &&
      names.some((name) => payload.includes(JSON.stringify(name)))
    this.#unstored = this.#unstored.filter((event) => !isNamed(event))
    this.#store.erase(account, names)
  }

  #write(): void {
    const wasRefused = this.#retry !== undefined
    clearTimeout(this.#retry)
    try {
      this.#store.append(this.#unstored)
      this.#unstored = []
    } catch (error) {
      if (!wasRefused) {
        this.#logger.error({ err: error }, 'events cannot be stored; they are still delivered')
        this.#store.noteLoss()
      }
      this.#retry = setTimeout(() => this.#write(), RETRY_MS)
      this.#retry.unref()
      return
    }
    this.#retry = undefined
    if (wasRefused) this.#logger.info({ dropped: this.#dropped }, 'events are stored again')
    this.#dropped = 0
  }

  #read<T>(read: () => T, otherwise: T): T {
    try {
      return read()
    } catch {
      // The failed write was logged already; events that cannot be read are a gap.
      return otherwise
    }
  }
}

function isSame(one: StoredEvent, other: StoredEvent): boolean {
  return (
    one.id === other.id && one.name === other.name && one.at === other.at && one.payload === other.payload
  )
}
