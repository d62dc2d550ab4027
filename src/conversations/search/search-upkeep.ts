import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { DatabaseClosed, type Database } from '../../storage/database/database.ts'
import type { SearchIndex } from './search-index.ts'

/** How long the index lets a message alone, so that its answer does not wait for it. */
const REST_MS = 3_000
/** Of a transaction: what else is to be done waits no longer. */
const SLICE_MS = 8
/** Between two of them: half of the time is for others. */
const PAUSE_MS = 8
/** Changes that are followed within the transaction that makes them; a person deletes a few messages at a time. */
const MOST_AT_ONCE = 20
const CHANGES_A_STEP = 5
const MERGES_A_SLICE = 4

export interface SearchUpkeepDependencies {
  database: Database
  index: SearchIndex
  logger: Logger
}

/**
 * Keeps the index of the search up to date: what is erased leaves it with the transaction that erases it, or in slices right after;
 * what is new enters it a few seconds later, in slices. A start goes on where the last life ended.
 */
export class SearchUpkeep {
  readonly #deps: SearchUpkeepDependencies
  #timer: NodeJS.Timeout | null = null
  #stopped = true
  #isRunning = false

  constructor(deps: SearchUpkeepDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#stopped = false
    this.wake()
  }

  /** What is left is done in the next life. Idempotent. */
  stop(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** Rows were added or changed. */
  wake(): void {
    if (this.#stopped || this.#timer !== null || this.#isRunning) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#run()
    }, REST_MS)
    this.#timer.unref()
  }

  /** Within every transaction of conversations, at its end. Never throws: a search must not keep a message from being taken in. */
  beforeCommit(): void {
    this.wake()
    const { database, index, logger } = this.#deps
    try {
      if (index.hasChanges()) database.transaction(() => index.followChanges(MOST_AT_ONCE))
    } catch (error) {
      // What the disk refused here, it refuses when the transaction is committed.
      logger.error({ err: error }, 'the index of the search could not follow a change')
    }
  }

  /** Brings the index up to date, in slices, for so long at most. Answers whether it is. Throws `StorageError`. */
  async catchUp(milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds
    while (this.#slice()) {
      // Goes on by itself, and puts together what this left.
      this.wake()
      if (performance.now() >= deadline) return !this.#deps.index.isBehind()
      await nextTurn()
    }
    return true
  }

  /**
   * What was erased is out of the index when this resolves, however much it is, and no page has beginnings of its words any more, which
   * show where a page begins. Rejects with `StorageError`.
   */
  async erased(): Promise<void> {
    const { database, index } = this.#deps
    while (index.hasChanges()) {
      const end = performance.now() + SLICE_MS
      database.transaction(() => {
        while (index.followChanges(CHANGES_A_STEP) > 0 && performance.now() < end);
      })
      await nextTurn()
    }
    database.transaction(() => index.beginRewrite())
    while (this.#merge()) await nextTurn()
    database.transaction(() => index.endRewrite())
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    try {
      while (!this.#stopped) {
        const isBehind = this.#slice()
        // Pieces that pile up are put together by FTS5 at once, however long that takes.
        if (!this.#mergeSome() && !isBehind) break
        await delay(PAUSE_MS, undefined, { ref: false })
      }
    } catch (error) {
      // The disk is reported by those who need it; what is left is done later.
      if (!(error instanceof DatabaseClosed))
        this.#deps.logger.warn({ err: error }, 'the index of the search could not be brought up to date')
    } finally {
      this.#isRunning = false
    }
  }

  /** Some of what is to be done, and never nothing of it; answers whether there was any. */
  #slice(): boolean {
    const { database, index } = this.#deps
    if (!index.isBehind()) return false
    const end = performance.now() + SLICE_MS
    const hasTime = (): boolean => performance.now() < end
    database.transaction(() => {
      index.followRules()
      // A step at least, however long the transaction took to begin.
      while (index.followChanges(CHANGES_A_STEP) > 0) if (!hasTime()) return
      while (index.followNew(hasTime) && hasTime());
    })
    return true
  }

  #mergeSome(): boolean {
    let merged = 0
    while (merged < MERGES_A_SLICE && this.#merge()) merged += 1
    return merged > 0
  }

  #merge(): boolean {
    const { database, index } = this.#deps
    return database.transaction(() => index.merge())
  }
}
