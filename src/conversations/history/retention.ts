import type { Logger } from 'pino'
import type { AccountConfig } from '../../config/model.ts'
import { type Database, DatabaseClosed } from '../../storage/database/database.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import { OwnTurns } from '../../timing/own-turns.ts'
import { ExpiredRows, type GrowingTable, type RowsOfMessages } from './expired-rows.ts'
import { keptMarks } from './kept-marks.ts'

const DAY_MS = 86_400_000
/** Rows of each table in all, whatever the settings are: every disk is full at some time. */
const MAX_ROWS = 500_000
/** What one transaction deletes, and how long others wait for several of them. */
const [ROWS_A_STEP, SLICE_MS] = [10, 8]
/** Rows that are looked at together. */
const WINDOW = 100
/** For the slices of all accounts: fifty of them that follow one change of the config wait for each other. */
const turns = new OwnTurns()

export interface RetentionDependencies {
  database: Database
  conversations: Pick<ConversationStore, 'forgetEmpty'>
  files: Pick<MediaFiles, 'removeOf'>
  commits: CommitGroup
  config: () => Pick<AccountConfig, 'retention'>
  logger: Logger
  now: () => Date
  /** Of each table; fewer for a test. */
  maxRows?: number
}

/**
 * Keeps the tables of conversations bounded (`retention` of the config): by age, by messages of one conversation, and in all. Deletes nothing
 * that is still to be answered or sent, and conversations with their last row. In slices: nothing else waits longer than one of them.
 */
export class Retention {
  readonly #deps: RetentionDependencies
  readonly #rows: ExpiredRows
  #running: Promise<void> | null = null
  #isDue = false
  #stopped = false
  /** The settings that it ran with last. */
  #ranWith: AccountConfig['retention'] | null = null
  /** The newest rows when conversations were counted last; `null`: all of them are to be counted. */
  #counted: Record<'inbox' | 'outbox', number> | null = null

  constructor(deps: RetentionDependencies) {
    this.#deps = deps
    this.#rows = new ExpiredRows(deps.database)
  }

  start(): void {
    this.#stopped = false
  }

  /** Deletes what is not to be kept; once more, where it is under way. Never rejects. */
  run(): Promise<void> {
    this.#isDue = true
    this.#running ??= this.#runWhileDue().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** As `run`, where the settings are others than the last time. */
  settingsChanged(): void {
    const { days, messagesPerConversation } = this.#deps.config().retention
    const last = this.#ranWith
    if (last !== null && (last.days !== days || last.messagesPerConversation !== messagesPerConversation)) {
      this.#counted = null
      void this.run()
    }
  }

  /** Resolves when nothing is deleted any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #runWhileDue(): Promise<void> {
    try {
      while (this.#isDue && !this.#stopped) {
        this.#isDue = false
        await this.#runOnce()
      }
    } catch (error) {
      if (!(error instanceof DatabaseClosed))
        this.#deps.logger.error({ err: error }, 'old messages could not be deleted')
    }
  }

  async #runOnce(): Promise<void> {
    const steps = this.#steps()
    for (;;) {
      await turns.next()
      const end = performance.now() + SLICE_MS
      do {
        if (this.#stopped || steps.next().done === true) return
      } while (performance.now() < end)
    }
  }

  /** Each step is short. */
  *#steps(): Generator<void, void> {
    const { config, now } = this.#deps
    const { days, messagesPerConversation } = config().retention
    this.#ranWith = { days, messagesPerConversation }
    const time = now().getTime()
    for (const table of ['inbox', 'outbox', 'turns'] as const) yield* this.#oldOf(table, time - days * DAY_MS)
    yield* this.#beyond(messagesPerConversation)
    for (const { sql, values } of keptMarks(time, WINDOW))
      while (this.#delete(() => this.#conversationsOf(sql, values)) > 0) yield
  }

  /** What is too old, and the oldest of what is too much for a table. */
  *#oldOf(table: GrowingTable, cutoff: number): Generator<void, void> {
    let excess = this.#rows.excess(table, this.#deps.maxRows ?? MAX_ROWS)
    let after = 0
    for (;;) {
      const rows = this.#rows.after(table, after, WINDOW)
      yield
      const isOld = rows.some(({ at }) => at < cutoff)
      // What is newer stands behind it, but for a clock that was set.
      if (!isOld && excess === 0) return
      const expired = rows.filter(({ at, isUnderWay }) => {
        if (isUnderWay === 1 || (at >= cutoff && excess === 0)) return false
        excess = Math.max(0, excess - 1)
        return true
      })
      for (let from = 0; from < expired.length; from += ROWS_A_STEP) {
        const sequences = expired.slice(from, from + ROWS_A_STEP).map(({ sequence }) => sequence)
        if (table === 'turns') this.#delete(() => this.#rows.deleteTurns(sequences))
        else this.#deleteMessages({ inbox: [], outbox: [], [table]: sequences })
        yield
      }
      if (rows.length < WINDOW) return
      after = rows.at(-1)?.sequence ?? after
    }
  }

  /** The oldest messages of conversations that have too many. */
  *#beyond(most: number): Generator<void, void> {
    const newest = this.#rows.newest()
    for (const conversation of this.#changedConversations()) {
      let excess = this.#rows.countOf(conversation) - most
      yield
      while (excess > 0) {
        const rows = this.#rows.oldestOf(conversation, Math.min(excess, ROWS_A_STEP))
        const found = rows.inbox.length + rows.outbox.length
        if (found === 0) break
        this.#deleteMessages(rows)
        excess -= found
        yield
      }
    }
    this.#counted = newest
  }

  /** All of them the first time; then those in which something was said since. */
  *#changedConversations(): Generator<number, void> {
    if (this.#counted !== null) {
      yield* this.#rows.touchedSince(this.#counted)
      return
    }
    for (let after = 0; ;) {
      const ids = this.#rows.conversationsAfter(after, WINDOW)
      yield* ids
      after = ids.at(-1) ?? after
      if (ids.length < WINDOW) return
    }
  }

  #deleteMessages(rows: RowsOfMessages): void {
    const { commits, conversations, files } = this.#deps
    commits.now(() => {
      const gone = files.removeOf(rows)
      conversations.forgetEmpty(new Set(this.#rows.delete(rows)))
      return gone
    })
  }

  #conversationsOf(sql: string, values: readonly number[]): number[] {
    // The column that each of these statements answers.
    const rows = this.#deps.database.prepare(sql).all(...values) as { conversation: number }[]
    return rows.map(({ conversation }) => conversation)
  }

  /** Answers how many rows there were. */
  #delete(write: () => number[]): number {
    const { commits, conversations } = this.#deps
    let deleted = 0
    commits.now(() => {
      const shrunk = write()
      deleted = shrunk.length
      conversations.forgetEmpty(new Set(shrunk))
      return undefined
    })
    return deleted
  }
}
