import type { Logger } from 'pino'
import type { OutgoingContent } from '../../../messaging/outgoing-message.ts'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import { WINDOW_CLOSED } from '../../../messaging/window-closed.ts'
import type { Database } from '../../../storage/database/database.ts'
import { DueTimer } from '../../../timing/due-timer.ts'
import { type WindowRow, WindowStore } from './window-store.ts'

/** Meta's customer service window (`support/…/messages/send-messages`): 24 hours from a person's last message or call. */
const WINDOW_MS = 24 * 3_600_000
/** By which a clock that nobody sets differs from the time that has passed. */
const CLOCK_DRIFT_MS = 2_000
/** Windows that are closed in one turn of the event loop. */
const MAX_CLOSED_AT_ONCE = 200

export interface ConversationWindowsDependencies {
  database: Database
  /** The other addresses at which the person at this one is known now: their number, their ids. */
  aliasesOf: (address: string) => readonly string[]
  /** The window of this address opened, or closed. Must not throw. */
  changed: (address: string) => void
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds that no change of the clock touches. */
  elapsed?: () => number
}

/**
 * Until when each person may be written to freely. It is on disk and lives over restarts; a person with several addresses has the latest
 * window of them. A window that was seen to be closed opens with a later message alone, whatever the clock of this machine is set to.
 */
export class ConversationWindows {
  readonly #deps: ConversationWindowsDependencies
  readonly #store: WindowStore
  readonly #timer: DueTimer
  readonly #elapsed: () => number
  /** When the open ones close, by the clock that nobody sets. */
  readonly #ends = new Map<string, { lastAt: number; at: number }>()

  constructor(deps: ConversationWindowsDependencies) {
    const { database, logger, now, elapsed = () => performance.now() } = deps
    this.#deps = deps
    this.#elapsed = elapsed
    this.#store = new WindowStore(database)
    this.#timer = new DueTimer({
      nextEnd: () => this.#nextEnd(),
      isReady: () => true,
      endDue: () => this.#closeDue(),
      failed: (error) => logger.error({ err: error }, 'the disk refused to store that a window closed'),
      now: () => new Date(now()),
    })
  }

  /** Closes what closed meanwhile, and from now on in its time. */
  start(): void {
    this.#timer.start()
  }

  /** No timer afterwards. Idempotent. */
  stop(): void {
    this.#timer.stop()
  }

  /**
   * Inside of the transaction that takes in what this person sent, or that they called, at this time of WhatsApp's. `freeEntryUntil`: they came
   * from an advertisement, and messages to them cost nothing until then. Throws `StorageError`.
   */
  opened(address: string, at: Date, freeEntryUntil?: Date): void {
    const { now, changed } = this.#deps
    const current = now()
    // A clock that is behind Meta's keeps no window open for longer than a day from now.
    const lastAt = Math.min(at.getTime(), current)
    const known = this.#store.find(address)
    const freeUntil = Math.max(freeEntryUntil?.getTime() ?? 0, known?.free_until ?? 0) || null
    if (known !== undefined && lastAt <= known.last_at) {
      if (freeUntil !== known.free_until) this.#set({ ...known, free_until: freeUntil })
      return
    }
    const end = lastAt + WINDOW_MS
    const closedAt = end > current ? null : end
    this.#set({ address, last_at: lastAt, closed_at: closedAt, free_until: freeUntil })
    changed(address)
    this.#timer.schedule()
  }

  /**
   * Meta said at this time that this window is closed, whatever is known here; one that opened later stays open. `asOf`: milliseconds since
   * 1970. Throws `StorageError`.
   */
  refused(address: string, asOf: number): void {
    const { database, now, changed } = this.#deps
    const open = this.#rowsOf(address).filter((row) => row.last_at <= asOf && this.#endOf(row) > now())
    if (open.length === 0) return
    database.transaction(() => {
      for (const row of open) this.#close(row, now())
    })
    changed(address)
  }

  /** Inside of a transaction: somebody else is at this address now, who has not written. Throws `StorageError`. */
  forget(address: string): void {
    this.#store.delete(address)
    this.#ends.delete(address)
  }

  /** Milliseconds since 1970, in the past for a closed window; `null` for somebody who never wrote. Throws `StorageError`. */
  closesAt(address: string): number | null {
    const ends = this.#rowsOf(address).map((row) => this.#endOf(row))
    return ends.length === 0 ? null : Math.max(...ends)
  }

  /** Until when messages to this person cost nothing, by what is known; `null` where that is over, or never was. Throws `StorageError`. */
  freeUntil(address: string): number | null {
    const until = Math.max(0, ...this.#rowsOf(address).map((row) => row.free_until ?? 0))
    return until > this.#deps.now() ? until : null
  }

  /** The last look before something leaves: why it may not, with nothing left; `null` where it may. Throws `StorageError`. */
  refusal(address: string, content: OutgoingContent): Extract<SendOutcome, { outcome: 'refused' }> | null {
    if (content.kind === 'message' && content.part.kind === 'template') return null
    const closesAt = this.closesAt(address)
    return closesAt !== null && closesAt > this.#deps.now() ? null : { outcome: 'refused', ...WINDOW_CLOSED }
  }

  #rowsOf(address: string): WindowRow[] {
    const addresses = new Set([address, ...this.#deps.aliasesOf(address)])
    return [...addresses].flatMap((each) => this.#store.find(each) ?? [])
  }

  /** By the clock, and by the time that has passed: the earlier of the two. */
  #endOf({ address, last_at: lastAt, closed_at: closedAt }: WindowRow): number {
    const current = this.#deps.now()
    if (closedAt !== null) return Math.min(closedAt, current)
    const end = lastAt + WINDOW_MS
    let known = this.#ends.get(address)
    if (known?.lastAt !== lastAt) {
      known = { lastAt, at: this.#elapsed() + Math.min(WINDOW_MS, end - current) }
      this.#ends.set(address, known)
    }
    const byElapsed = current + known.at - this.#elapsed()
    return end - byElapsed > CLOCK_DRIFT_MS ? byElapsed : end
  }

  #nextEnd(): number | null {
    const [next] = this.#store.open(1)
    return next === undefined ? null : this.#endOf(next)
  }

  #closeDue(): void {
    const { database, now, changed } = this.#deps
    const due = this.#store.open(MAX_CLOSED_AT_ONCE).filter((row) => this.#endOf(row) <= now())
    if (due.length === 0) return
    database.transaction(() => {
      for (const row of due) this.#close(row, this.#endOf(row))
    })
    for (const { address } of due) changed(address)
  }

  #set(row: WindowRow): void {
    for (const gone of this.#store.set(row)) this.#ends.delete(gone)
  }

  #close({ address }: WindowRow, at: number): void {
    this.#store.setClosed(address, at)
    this.#ends.delete(address)
  }
}
