import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database/database.ts'
import type { HostIdentity } from './host-identity.ts'

const NAME = 'owner'
const IMPORTED = 'imported from '
const ALIVE_INTERVAL_MS = 5 * 60_000

/** Who used this account's link last. Times in milliseconds since the epoch. */
interface OwnerRecord extends HostIdentity {
  lastAliveAt: number
  /** False while it runs, and after a crash. */
  cleanStop: boolean
}

export interface OwnershipDependencies {
  database: Database
  host: HostIdentity
  logger: Logger
  now: () => number
  /** The record could not be written. */
  storageFailed(error: unknown): void
}

/**
 * Whose link this is. It tells a cloned or restored sandbox from its original: the record came along with the disk and
 * names another instance. It stays the other's until `claim`, so a copy that is restarted is still one.
 */
export class Ownership {
  readonly #deps: OwnershipDependencies
  #record: OwnerRecord | null
  #timer: NodeJS.Timeout | undefined

  constructor(deps: OwnershipDependencies) {
    this.#deps = deps
    this.#record = readOwner(deps.database)
  }

  /** Another instance owned the link and has not been succeeded. Another boot of the same instance is no copy. */
  get isCopy(): boolean {
    const owner = this.#record?.instanceId ?? null
    return owner !== null && owner !== this.#deps.host.instanceId
  }

  /** Without a link there is nothing that two could fight over: this instance becomes the owner at once. */
  start(linked: boolean): void {
    const { logger } = this.#deps
    const last = this.#record
    if (last !== null && linked && this.isCopy) {
      const { instanceId, hostname: host, lastAliveAt, cleanStop } = last
      logger.warn(
        { owner: instanceId, hostname: host, lastAliveAt: new Date(lastAliveAt).toISOString(), cleanStop },
        'another process may use this link (a copied sandbox, or the program that it was imported from): this one yields then',
      )
    } else this.#write(false)
    this.#timer ??= setInterval(() => this.#alive(), ALIVE_INTERVAL_MS)
    this.#timer.unref()
  }

  /** The link is this instance's: it was linked here, a person took over, or no other instance claimed it for a while. */
  claim(): void {
    if (this.isCopy) this.#write(false)
  }

  /** Records an orderly stop. Idempotent. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    if (!this.isCopy) this.#write(true)
  }

  #alive(): void {
    if (this.isCopy) return
    try {
      this.#write(false)
    } catch (error) {
      this.#deps.storageFailed(error)
    }
  }

  #write(cleanStop: boolean): void {
    const { database, host, now } = this.#deps
    const record = { ...host, lastAliveAt: now(), cleanStop }
    store(database, record)
    this.#record = record
  }
}

/**
 * The link in this database was the one of a program that kept it in `directory` until `lastAliveAt`, and may be still: as
 * in a copied sandbox, this process yields to it until it has held the link for a while.
 */
export function recordFormerOwner(database: Database, directory: string, lastAliveAt: number): void {
  store(database, {
    instanceId: `${IMPORTED}${directory}`,
    bootId: null,
    hostname: hostname(),
    lastAliveAt,
    cleanStop: true,
  })
}

/** Whether this names a program that the link was taken over from. */
export function isImported(instanceId: string): boolean {
  return instanceId.startsWith(IMPORTED)
}

function store(database: Database, record: OwnerRecord): void {
  database.transaction(() => {
    database
      .prepare(
        'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      )
      .run(NAME, JSON.stringify(record))
  })
}

/** Who used the link in these files last; `null` where nobody did. Throws what the database throws. */
export function readOwner(database: Pick<Database, 'prepare'>): OwnerRecord | null {
  const row = database.prepare('SELECT value FROM facts WHERE name = ?').get(NAME) as
    | { value: string }
    | undefined
  if (row === undefined) return null
  const { instanceId, bootId, hostname, lastAliveAt, cleanStop } = JSON.parse(row.value) as Partial<
    Record<keyof OwnerRecord, unknown>
  >
  return {
    instanceId: typeof instanceId === 'string' ? instanceId : null,
    bootId: typeof bootId === 'string' ? bootId : null,
    hostname: typeof hostname === 'string' ? hostname : '',
    lastAliveAt: typeof lastAliveAt === 'number' ? lastAliveAt : 0,
    cleanStop: cleanStop === true,
  }
}
