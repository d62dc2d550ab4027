import type { Logger } from 'pino'
import type { Transport } from '../../messaging/transport.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'

/** How long WhatsApp may take to tell what became of a message: it does so within seconds, and what comes later still counts. */
const SETTLE_WITHIN_MS = 2 * 60_000
/** The same for a message from before the start of the process: what could not reach us meanwhile is told at growing intervals. */
const SETTLE_AFTER_START_MS = 10 * 60_000

type Conversation = OutboxRow['conversation']

export interface UnsettledSendsDependencies {
  transport: Pick<Transport, 'capabilities'>
  store: OutboxStore
  commits: CommitGroup
  /** Inside of a transaction: no status came in time for this message. */
  expired: (row: OutboxRow) => Committed
  logger: Logger
  now: () => Date
}

/**
 * Messages from before they go out until their outcome is known. Over a transport where a second send could show twice, nothing more of
 * their conversation goes out until a status settles them, or the time for that is over; after a crash such a message does not go again
 * either. Over the others the row says only that the message may be out.
 */
export class UnsettledSends {
  readonly #deps: UnsettledSendsDependencies
  /** By local id: messages whose outcome only a status can tell. */
  readonly #waiting = new Map<string, NodeJS.Timeout>()

  constructor(deps: UnsettledSendsDependencies) {
    this.#deps = deps
  }

  start(): void {
    if (this.#isSafe) return
    for (const row of this.#deps.store.unsettled()) this.#wait(row, SETTLE_AFTER_START_MS)
  }

  stop(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  /** A second send shows nothing twice. */
  get #isSafe(): boolean {
    return this.#deps.transport.capabilities.resend
  }

  get conversations(): Conversation[] {
    if (this.#waiting.size === 0) return []
    return this.#deps.store
      .unsettled()
      .filter(({ message_id }) => this.has(message_id))
      .map(({ conversation }) => conversation)
  }

  has(localId: string): boolean {
    return this.#waiting.has(localId)
  }

  /** It goes out now; stored when this returns, and on disk where it must not go twice. Throws `StorageError`. */
  begin({ sequence, unsettled_since: since }: OutboxRow): void {
    const { commits, now } = this.#deps
    if (this.#isSafe && since !== null) return
    this.#write(sequence, now().getTime())
    if (!this.#isSafe) commits.durable()
  }

  /**
   * It got no answer: whether it must wait for a status, because it may have gone out. `wentBefore`: an earlier attempt may have. Throws
   * `StorageError`.
   */
  mustWait(row: OutboxRow, nothingLeft: boolean, wentBefore: boolean): boolean {
    if (this.#isSafe) {
      if (nothingLeft && !wentBefore && row.unsettled_since !== null) this.#write(row.sequence, null)
      return false
    }
    if (nothingLeft) this.#write(row.sequence, null)
    else this.#wait(row, SETTLE_WITHIN_MS)
    return !nothingLeft
  }

  #wait(row: OutboxRow, withinMs: number): void {
    this.settle(row.message_id)
    const timer = setTimeout(() => this.#expire(row), withinMs)
    timer.unref()
    this.#waiting.set(row.message_id, timer)
  }

  /** Its outcome is known. */
  settle(localId: string): void {
    clearTimeout(this.#waiting.get(localId))
    this.#waiting.delete(localId)
  }

  #expire({ message_id }: OutboxRow): void {
    const { store, commits, expired, logger } = this.#deps
    this.#waiting.delete(message_id)
    const row = store.find(message_id)
    if (row?.state !== 'queued') return
    try {
      commits.now(() => expired(row))
    } catch (error) {
      logger.error({ err: error }, 'the disk refused to store what became of a message; it is tried again')
      this.#wait(row, SETTLE_WITHIN_MS)
    }
  }

  #write(sequence: number, since: number | null): void {
    const { store, commits } = this.#deps
    commits.now(() => {
      store.setUnsettled(sequence, since)
      return undefined
    })
  }
}
