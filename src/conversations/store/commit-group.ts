import type { Database } from '../../storage/database/database.ts'

/** How long a write that nothing waits for may stay in memory. */
const DEFER_MS = 20
const MAX_DEFERRED = 256

/** Called when the commit that it belongs to is on disk: the place for events. */
export type Committed = () => void
/** All of these, in their order. */
export function inOrder(steps: readonly (Committed | undefined)[]): Committed {
  return () => {
    for (const step of steps) step?.()
  }
}

/** Runs inside the transaction; may answer with what to do once it is on disk. */
export type Write = () => Committed | undefined

/**
 * The account's transactions. `now` is written when it returns, and on disk before anything leaves the process (the
 * database commits in groups; `durable` waits for it); `later` is for facts that may be learnt again (an
 * acknowledgement whose loss means one more send under the same id): it joins the next commit, 20 ms away at most.
 */
export class CommitGroup {
  readonly #database: Database
  readonly #failed: (error: unknown) => void
  readonly #beforeCommit: () => void
  #deferred: Write[] = []
  #timer: NodeJS.Timeout | null = null
  #stopped = false

  /**
   * `failed` is called when the disk refused deferred writes; they are kept and tried again with the next commit. `beforeCommit` is the last
   * write of every transaction.
   */
  constructor(
    database: Database,
    failed: (error: unknown) => void,
    beforeCommit: () => void = () => undefined,
  ) {
    this.#database = database
    this.#failed = failed
    this.#beforeCommit = beforeCommit
  }

  start(): void {
    this.#stopped = false
  }

  /** Throws `StorageError`, with nothing changed. */
  now(write: Write): void {
    const deferred = this.#deferred
    const committed: Committed[] = []
    this.#database.transaction(() => {
      committed.length = 0
      for (const each of deferred) collect(committed, each)
      collect(committed, write)
      this.#beforeCommit()
    })
    this.#deferred = this.#deferred.slice(deferred.length)
    for (const each of committed) each()
  }

  later(write: Write): void {
    this.#deferred.push(write)
    if (this.#stopped || this.#deferred.length >= MAX_DEFERRED) this.#flushSafely()
    else this.#timer ??= setTimeout(() => this.#flushSafely(), DEFER_MS)
  }

  /** Everything that `now` wrote is on disk when this returns. Throws `StorageError`. */
  durable(): void {
    this.#database.commit()
  }

  /** Writes what was deferred. Throws `StorageError`. */
  flush(): void {
    if (this.#deferred.length > 0) this.now(() => undefined)
  }

  /** Writes what was deferred, or reports that it cannot; nothing is deferred from now on. Idempotent. */
  stop(): void {
    this.#stopped = true
    this.#flushSafely()
    this.#clearTimer()
  }

  #flushSafely(): void {
    this.#clearTimer()
    try {
      this.flush()
    } catch (error) {
      // What is dropped here is learnt again: the rows are as they were, and are sent again under their ids.
      if (this.#deferred.length > MAX_DEFERRED) this.#deferred.splice(0, this.#deferred.length - MAX_DEFERRED)
      this.#failed(error)
    }
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

function collect(committed: Committed[], write: Write): void {
  const after = write()
  if (after !== undefined) committed.push(after)
}
