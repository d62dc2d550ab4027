import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Album } from '../../messaging/content.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { Merge } from '../store/conversation-store.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import type { Routing } from '../routing/routing.ts'
import type { TurnStore } from './turn-store.ts'

/** Messages that wait for their turn; beyond this new ones are recorded as skipped. */
const MAX_WAITING_PER_CONVERSATION = 5_000
const MAX_WAITING = 20_000
/** Messages that one turn answers, when a debounce joins them. */
const MAX_MESSAGES_PER_TURN = 50
/** After the disk refused a turn. */
const RETRY_MS = 1_000
/** How long the next picture of an album may take. */
const ALBUM_WAIT_MS = 2_500
/** Somebody who never stops writing is answered after this many debounce periods. */
const MAX_DEBOUNCE_PERIODS = 10

interface Debounce {
  timer: NodeJS.Timeout
  /** When the pause in writing is long enough. */
  dueAt: number
  /** The longest that this pause may be. */
  waitMs: number
  latestAt: number
}

export interface TurnQueueDependencies {
  inbox: InboxStore
  turns: TurnStore
  commits: CommitGroup
  debounceMs: () => number
  routing: Pick<Routing, 'orderOf'>
  /** A turn was opened and may run. */
  opened: () => void
  logger: Logger
  now: () => Date
}

/**
 * Makes turns of messages: one open turn a conversation; the next one is opened in the commit that closes the last.
 * Without a debounce each message has a turn of its own; with one, what was written in quick succession is joined.
 */
export class TurnQueue {
  readonly #deps: TurnQueueDependencies
  readonly #open = new Set<number>()
  readonly #waiting = new Map<number, number>()
  readonly #debounces = new Map<number, Debounce>()
  #total = 0
  #started = false

  constructor(deps: TurnQueueDependencies) {
    this.#deps = deps
  }

  /** Takes up what was left: open turns stay open, waiting messages get one. */
  start(): void {
    const { turns, inbox, commits } = this.#deps
    // The disk knows; what arrived before the start would be counted twice.
    this.#open.clear()
    this.#waiting.clear()
    this.#total = 0
    this.#started = true
    for (const conversation of turns.openConversations()) this.#open.add(conversation)
    for (const { conversation, waiting } of inbox.pendingCounts()) this.#count(conversation, waiting)
    for (const conversation of this.#waiting.keys()) {
      if (this.#open.has(conversation)) continue
      this.#resumeDebounce(conversation)
      if (!this.#debounces.has(conversation)) commits.now(() => this.next(conversation))
    }
  }

  /** `debounceMs` may be another one: who waits longer than it says is answered. */
  settingsChanged(): void {
    if (!this.#started) return
    const now = this.#deps.now().getTime()
    const debounceMs = this.#deps.debounceMs()
    for (const [conversation, debounce] of this.#debounces) {
      clearTimeout(debounce.timer)
      if (debounce.waitMs !== ALBUM_WAIT_MS) debounce.waitMs = debounceMs
      debounce.dueAt = Math.min(debounce.dueAt, now + debounce.waitMs)
      debounce.timer = setTimeout(() => this.#settleDebounce(conversation), debounce.dueAt - now)
    }
  }

  /** A message that waits was edited: its writer is still at it. */
  rewritten(conversation: number): Committed {
    return () => {
      if (this.#debounces.has(conversation) && this.#deps.debounceMs() > 0)
        this.#debounce(conversation, this.#deps.debounceMs())
    }
  }

  stop(): void {
    this.#started = false
    for (const { timer } of this.#debounces.values()) clearTimeout(timer)
    this.#debounces.clear()
  }

  hasRoom(conversation: number): boolean {
    return this.#total < MAX_WAITING && (this.#waiting.get(conversation) ?? 0) < MAX_WAITING_PER_CONVERSATION
  }

  /**
   * A pending row was inserted in this transaction. `album`: it is a part of it; the others are waited for, for a short time. `revived`: how
   * many earlier rows became pending with it.
   */
  add(
    conversation: number,
    row: Pick<InboxRow, 'sequence' | 'chat' | 'chat_kind'>,
    { album, revived = 0 }: { album?: Album | undefined; revived?: number } = {},
  ): Committed {
    const count = 1 + revived
    if (this.#open.has(conversation)) return () => this.#count(conversation, count)
    const debounceMs = this.#deps.debounceMs()
    // What is no part of the album that is waited for ends that wait: its turn comes first.
    if (debounceMs > 0 || album !== undefined || this.#debounces.has(conversation)) {
      const isWhole = album !== undefined && this.#isWhole(conversation, album)
      const waitMs = Math.max(debounceMs, album === undefined || isWhole ? 0 : ALBUM_WAIT_MS)
      return () => {
        this.#count(conversation, count)
        this.#debounce(conversation, waitMs)
      }
    }
    this.#openTurn(conversation, [row])
    return () => {
      this.#open.add(conversation)
      this.#deps.opened()
    }
  }

  /** Inside of the transaction that closed a turn, or of its own: opens the next one, if messages wait. */
  next(conversation: number): Committed {
    // Of two conversations that were merged, each may have had one.
    if (this.#deps.turns.openTurnsOf(conversation).length > 0) return () => undefined
    const rows =
      !this.#waiting.has(conversation) || this.#debounces.has(conversation) ? [] : this.#first(conversation)
    if (rows.length === 0) return () => void this.#open.delete(conversation)
    if (this.#isAlbumComing(conversation, rows))
      return () => {
        this.#open.delete(conversation)
        this.#debounce(conversation, ALBUM_WAIT_MS)
      }
    this.#openTurn(conversation, rows)
    return () => {
      this.#open.add(conversation)
      this.#count(conversation, -rows.length)
      this.#deps.opened()
    }
  }

  /**
   * Inside of a transaction: these messages, oldest first, were left unanswered and are asked now. What one person wrote is one turn,
   * beyond its limit more than one.
   */
  revive(conversation: number, rows: readonly InboxRow[]): Committed {
    for (const { sequence } of rows) this.#deps.inbox.settle(sequence, 'pending')
    if (this.#open.has(conversation)) return () => this.#count(conversation, rows.length)
    const first = this.#together(rows.slice(0, MAX_MESSAGES_PER_TURN))
    this.#openTurn(conversation, first)
    return () => {
      this.#open.add(conversation)
      this.#count(conversation, rows.length - first.length)
      this.#deps.opened()
    }
  }

  /** Inside of a transaction: takes back what waits. */
  cancel(conversation: number): Committed {
    this.#deps.inbox.cancelPending(conversation)
    return () => {
      this.#count(conversation, -(this.#waiting.get(conversation) ?? 0))
      this.#endDebounce(conversation)
    }
  }

  /** The same for what one person wrote; answers how many messages. */
  cancelOf(conversation: number, person: string): { count: number; committed: Committed } {
    const count = this.#deps.inbox.cancelPending(conversation, person)
    return { count, committed: () => this.#count(conversation, -count) }
  }

  /** Inside of a transaction: one message that waited was taken back by its sender. */
  dropped(conversation: number): Committed {
    return () => this.#count(conversation, -1)
  }

  /** Two conversations became one on disk. Opens a turn where messages wait and none is open. */
  merged({ from, into }: Merge): void {
    const { inbox, turns, commits, debounceMs } = this.#deps
    this.#endDebounce(from)
    this.#open.delete(from)
    this.#count(from, -(this.#waiting.get(from) ?? 0))
    if (!this.#started) return
    const waiting = inbox.pendingCount(into)
    this.#count(into, waiting - (this.#waiting.get(into) ?? 0))
    if (turns.openTurnsOf(into).length > 0) this.#open.add(into)
    else if (waiting > 0 && debounceMs() > 0) this.#debounce(into, debounceMs())
    else if (waiting > 0) commits.now(() => this.next(into))
  }

  /** Conversations with an open turn or waiting messages. */
  conversations(): number[] {
    return [...new Set([...this.#open, ...this.#waiting.keys()])]
  }

  isOpen(conversation: number): boolean {
    return this.#open.has(conversation)
  }

  #openTurn(conversation: number, rows: Pick<InboxRow, 'sequence' | 'chat' | 'chat_kind'>[]): void {
    const { turns, inbox, now } = this.#deps
    const last = rows.at(-1)
    if (last === undefined) return
    const id = randomUUID()
    turns.open({
      id,
      conversation,
      chat: last.chat,
      chatKind: last.chat_kind,
      openedAt: now().getTime(),
    })
    for (const { sequence } of rows) inbox.assign(sequence, id)
  }

  #count(conversation: number, change: number): void {
    const waiting = (this.#waiting.get(conversation) ?? 0) + change
    this.#total += change
    if (waiting > 0) this.#waiting.set(conversation, waiting)
    else this.#waiting.delete(conversation)
  }

  /** The wait that a stop interrupted goes on: as long as its last message is younger than it. */
  #resumeDebounce(conversation: number): void {
    const { inbox, now, debounceMs } = this.#deps
    const waitMs = debounceMs()
    const [from, until] = inbox.pendingTimes(conversation) ?? [0, 0]
    const at = now().getTime()
    const latestAt = from + waitMs * MAX_DEBOUNCE_PERIODS
    const dueAt = Math.min(until + waitMs, latestAt)
    // Further away than it ever was: the clock was set back.
    if (dueAt <= at || dueAt > at + waitMs) return
    const timer = setTimeout(() => this.#settleDebounce(conversation), dueAt - at)
    this.#debounces.set(conversation, { timer, dueAt, waitMs, latestAt })
  }

  /** Waits so long for further messages; with 0 what waits is answered at once. */
  #debounce(conversation: number, waitMs: number): void {
    // What comes in while the account closes waits for the next start.
    if (!this.#started) return
    const now = this.#deps.now().getTime()
    const known = this.#debounces.get(conversation)
    if (known !== undefined && waitMs > 0) {
      known.dueAt = Math.min(now + waitMs, known.latestAt)
      known.waitMs = waitMs
      return
    }
    clearTimeout(known?.timer)
    this.#debounces.set(conversation, {
      timer: setTimeout(() => this.#settleDebounce(conversation), waitMs),
      dueAt: now + waitMs,
      waitMs,
      latestAt: now + waitMs * MAX_DEBOUNCE_PERIODS,
    })
  }

  #settleDebounce(conversation: number): void {
    const { commits, logger, now } = this.#deps
    const debounce = this.#debounces.get(conversation)
    if (debounce === undefined) return
    const remaining = debounce.dueAt - now().getTime()
    // Longer than it ever was: the clock was set back.
    if (remaining > 0 && remaining <= debounce.waitMs) {
      debounce.timer = setTimeout(() => this.#settleDebounce(conversation), remaining)
      return
    }
    this.#debounces.delete(conversation)
    if (this.#open.has(conversation)) return
    try {
      commits.now(() => this.next(conversation))
    } catch (error) {
      logger.error({ err: error }, 'the disk refused to store a turn; it is tried again')
      this.#debounce(conversation, Math.max(debounce.waitMs, RETRY_MS))
    }
  }

  #endDebounce(conversation: number): void {
    const debounce = this.#debounces.get(conversation)
    if (debounce !== undefined) clearTimeout(debounce.timer)
    this.#debounces.delete(conversation)
  }

  /** The rows that the next turn answers: with a debounce what belongs together, without one a message or an album. */
  #first(conversation: number): InboxRow[] {
    const { inbox, debounceMs } = this.#deps
    const [first] = inbox.pending(conversation, 1)
    if (first === undefined || (first.album === null && debounceMs() === 0)) return first ? [first] : []
    const rows = this.#together(inbox.pending(conversation, MAX_MESSAGES_PER_TURN))
    if (debounceMs() > 0) return rows
    const end = rows.findIndex(({ album }) => album !== first.album)
    return end < 0 ? rows : rows.slice(0, end)
  }

  #isWhole(conversation: number, { id, size }: Album): boolean {
    if (size === null) return false
    const rows = this.#deps.inbox.pending(conversation, MAX_MESSAGES_PER_TURN)
    return rows.filter(({ album }) => album === id).length >= size
  }

  /** Its last picture came a moment ago, while another turn was answered: the next one may be on its way. */
  #isAlbumComing(conversation: number, rows: readonly InboxRow[]): boolean {
    const { inbox, now } = this.#deps
    if (!this.#open.has(conversation) || rows[0]?.album == null) return false
    const [, latest] = inbox.pendingTimes(conversation) ?? [0, 0]
    const since = now().getTime() - latest
    return since >= 0 && since < ALBUM_WAIT_MS
  }

  /**
   * Those of the first rows that one turn may answer: of one person, for each may lose their permission, and for one
   * agent. A command is answered by itself, and so is what looks like one.
   */
  #together(rows: InboxRow[]): InboxRow[] {
    const [first] = rows
    if (first === undefined) return []
    const { routing } = this.#deps
    const order = routing.orderOf(first)
    if (order !== null && order.kind !== 'addressed') return [first]
    const end = rows.findIndex(
      (row, index) => row.sender !== first.sender || (index > 0 && routing.orderOf(row) !== null),
    )
    return end < 0 ? rows : rows.slice(0, end)
  }
}
