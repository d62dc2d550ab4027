import type { Logger } from 'pino'
import type { OutgoingContent } from '../../../messaging/outgoing-message.ts'
import type { SendOutcome } from '../../../messaging/outcome.ts'
import { WINDOW_CLOSED } from '../../../messaging/window-closed.ts'
import type { Database } from '../../../storage/database/database.ts'
import { DueTimer } from '../../../timing/due-timer.ts'
import { heldAfterMessage, isNewHandover } from './app-handovers.ts'
import { afterAnswer, type FreeEntry } from './free-entry.ts'
import { neverWrote, type WindowRow, WindowStore } from './window-store.ts'

/** Meta's customer service window (`support/…/messages/send-messages`): 24 hours from a person's last message or call. */
const WINDOW_MS = 24 * 3_600_000
/** By which a clock that nobody sets differs from the time that has passed. */
const CLOCK_DRIFT_MS = 2_000
/** Windows that are closed in one turn of the event loop. */
const MAX_CLOSED_AT_ONCE = 200

export interface ConversationWindowsDependencies {
  database: Database
  /** The id of our number, to which they wrote; empty while it is not known. */
  number: () => string
  /** The other addresses at which the person at this one is known now: their number, their ids. */
  aliasesOf: (address: string) => readonly string[]
  /** Whether the person at this address may write now. */
  isAllowed: (address: string) => boolean
  /** The window of this address opened, or closed. Must not throw. */
  changed: (address: string) => void
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds that no change of the clock touches. */
  elapsed?: () => number
}

/** What is special about a message that opens a window. */
interface Opening {
  isFreeEntry?: boolean
  isForApp?: boolean
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
    const { database, number, isAllowed, logger, now, elapsed = () => performance.now() } = deps
    this.#deps = deps
    this.#elapsed = elapsed
    this.#store = new WindowStore(database, { number, isAllowed })
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
   * Inside of the transaction that takes in what this person sent, or that they called, at this time of WhatsApp's. `isFreeEntry`: they came
   * from an advertisement. `isForApp`: another app answers them. Throws `StorageError`.
   */
  opened(address: string, at: Date, { isFreeEntry = false, isForApp = false }: Opening = {}): void {
    const { now, changed } = this.#deps
    const current = now()
    // A clock that is behind Meta's keeps no window open for longer than a day from now.
    const lastAt = Math.min(at.getTime(), current)
    const known = this.#store.find(address) ?? neverWrote(address)
    const entryAt = isFreeEntry ? Math.max(lastAt, known.entry_at ?? 0) : known.entry_at
    if (lastAt <= known.last_at) {
      const isForUs = lastAt === known.last_at && !isForApp
      const row = { ...known, entry_at: entryAt, ...(isForUs && { last_for_app: 0 as const }) }
      if (row.entry_at !== known.entry_at || row.last_for_app !== known.last_for_app) this.#set(row)
      return
    }
    const end = lastAt + WINDOW_MS
    const closedAt = end > current ? null : end
    const lastForApp = isForApp ? 1 : 0
    this.#set({ ...known, last_at: lastAt, closed_at: closedAt, entry_at: entryAt, last_for_app: lastForApp })
    changed(address)
    this.#timer.schedule()
  }

  /** Inside of a transaction: Meta told that a message of ours is out to this person. Throws `StorageError`. */
  answered(address: string, answer: FreeEntry): void {
    let isChanged = false
    for (const row of this.#rowsOf(address)) {
      const after = afterAnswer(row, answer)
      if (after.free_until === row.free_until && after.entry_at === row.entry_at) continue
      this.#set(after)
      isChanged = true
    }
    if (isChanged) this.#deps.changed(address)
  }

  /** Whether another app has the chat after this message; as `heldAfterMessage`, before `opened` for it. Throws `StorageError`. */
  heldAfter(address: string, message: { at: number; isForApp: boolean }): boolean | null {
    return heldAfterMessage(this.#allRowsOf(address), this.#untilNow(message))
  }

  /** Inside of a transaction: the chat was handed over. Answers whether that is news; what is late is none. Throws `StorageError`. */
  handedOver(address: string, handover: { at: number; isToApp: boolean }): boolean {
    const { at, isToApp } = this.#untilNow(handover)
    const isNews = isNewHandover(this.#allRowsOf(address), { at, isToApp })
    const known = this.#store.find(address) ?? neverWrote(address)
    if (at >= (known.handed_at ?? 0)) this.#set({ ...known, handed_at: at, handed_to_app: isToApp ? 1 : 0 })
    return isNews
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

  /**
   * Inside of a transaction: `number` is another. Nobody has written to that one yet, or they have before: what is known of each number stays
   * apart. `isFirst`: none was known before. Throws `StorageError`.
   */
  numberChanged(isFirst: boolean): void {
    this.#ends.clear()
    if (isFirst) this.#store.numberKnown()
    this.#timer.schedule()
  }

  /** Whether something is kept of when the person at one of these addresses wrote. Throws `StorageError`. */
  knows(addresses: readonly string[]): boolean {
    return addresses.some((address) => this.#store.has(address))
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

  #untilNow<T extends { at: number }>(what: T): T {
    return { ...what, at: Math.min(what.at, this.#deps.now()) }
  }

  /** Of those who ever wrote. */
  #rowsOf(address: string): WindowRow[] {
    return this.#allRowsOf(address).filter(({ last_at }) => last_at > 0)
  }

  #allRowsOf(address: string): WindowRow[] {
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
