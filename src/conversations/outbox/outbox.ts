import type { MessageStatusUpdate, SendFailure, SendOutcome } from '../../messaging/outcome.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import type { Merge } from '../store/conversation-store.ts'
import { numberOf } from '../store/person.ts'
import type { OutboxDependencies } from './outbox-dependencies.ts'
import type { NewOutboxRow, OutboxRow } from './outbox-store.ts'
import { RetryWaits } from './retry-waits.ts'
import { SEND_FAILURES } from './send-failures.ts'
import { SendOutcomes } from './send-outcomes.ts'
import { SendsInFlight } from './sends-in-flight.ts'
import { StatusUpdates } from './status-updates.ts'
import { UnsettledSends } from './unsettled-sends.ts'

/** The pace may ask for a longer wait; it is asked again then. */
const MAX_WAKE_MS = 60_000
/** After the disk refused a write. */
const STORAGE_RETRY_MS = 5_000
/** Enough to restore the pace of the last hour. */
const MAX_RECENT_SENDS = 2_000

/**
 * Sends what is stored, in order and one at a time within a conversation, the conversations beside each other: none
 * waits for another that gets no answer. Each message goes out under the id it was stored with until WhatsApp
 * acknowledges or refuses it; over a transport where that could show it twice, a message whose outcome is unknown waits
 * for a status instead. Nothing is sent while the transport is not ready.
 */
export class Outbox {
  readonly #deps: OutboxDependencies
  readonly #retries = new RetryWaits(() => this.#wakeIn(0))
  /** Ids whose outcome is known but not yet on disk. */
  readonly #known = new Set<string>()
  /** When the pace lets the next message out; milliseconds since 1970. */
  #pacedUntil: number | null = null
  readonly #inFlight = new SendsInFlight()
  readonly #unsettled: UnsettledSends
  readonly #statuses: StatusUpdates
  readonly #outcomes: SendOutcomes
  #wake: NodeJS.Timeout | null = null
  #started = false

  constructor(deps: OutboxDependencies) {
    this.#deps = deps
    this.#statuses = new StatusUpdates({
      ...deps,
      capabilities: deps.transport.capabilities,
      known: this.#known,
      isOut: (row) => this.#isOut(row),
      fail: (row, failure) => this.#failLate(row, failure),
      publish: (name, row) => this.#publish(name, row.message_id, row.conversation_name),
    })
    this.#unsettled = new UnsettledSends({
      ...deps,
      expired: (row) => this.#failLate(row, SEND_FAILURES.outcomeUnknown),
    })
    this.#outcomes = new SendOutcomes({
      ...deps,
      known: this.#known,
      unsettled: this.#unsettled,
      retries: this.#retries,
      acknowledged: (row, remoteId, isNews) => {
        if (isNews) this.#publish('message.sent', row.message_id, row.conversation_name)
        this.#statuses.acknowledged(remoteId)
      },
      fail: (row, failure) => this.#fail(row, failure),
    })
  }

  start(): void {
    const { pace, store, now, otherSends } = this.#deps
    this.#unsettled.start()
    pace.resume([...store.recentSends(MAX_RECENT_SENDS), ...otherSends()], now().getTime())
    this.#started = true
    this.#wakeIn(0)
  }

  /** Waits for the messages in flight, 5 s at most; what is not sent stays stored. */
  async stop(): Promise<void> {
    this.#started = false
    if (this.#wake !== null) clearTimeout(this.#wake)
    this.#wake = null
    this.#retries.clear()
    this.#unsettled.stop()
    await this.#inFlight.stop()
    // A message that was in flight may wait for its next attempt since.
    this.#retries.clear()
  }

  hasQueued(conversation: number): boolean {
    return this.#deps.store.queuedOf(conversation).some((row) => !this.#known.has(row.message_id))
  }

  /** Inside of a transaction of the caller, who calls `pump` when it is committed. */
  enqueue(row: Omit<NewOutboxRow, 'remoteId'>): Committed {
    const { store, transport } = this.#deps
    store.insert({ ...row, remoteId: transport.capabilities.remoteIds === 'local' ? row.localId : null })
    return () => this.#publish('message.queued', row.localId, row.conversation.name)
  }

  /**
   * Inside of a transaction of the caller: fails what is not out yet, all of it or the rows to cancel. The message in
   * flight is not sent again.
   */
  cancel(
    conversation: number,
    why: SendFailure = SEND_FAILURES.notAllowed,
    isToCancel: (row: OutboxRow) => boolean = () => true,
  ): Committed {
    return this.#cancel(this.#deps.store.queuedOf(conversation).filter(isToCancel), why)
  }

  /** Inside of a transaction: gives up what the assistant said there and is not out yet. Answers how many messages. */
  discardReplies(conversation: number): { count: number; committed: Committed } {
    const { store } = this.#deps
    const rows = store.queuedRepliesOf(conversation).filter(({ message_id }) => !this.isUnderWay(message_id))
    return { count: rows.length, committed: inOrder(rows.map((row) => this.#discard(row))) }
  }

  /** Inside of a transaction: the question of this turn was taken back before anything of its answer was sent. */
  cancelTurn(turn: string): Committed {
    return this.#cancel(
      this.#deps.store.ofTurn(turn).filter(({ state }) => state === 'queued'),
      SEND_FAILURES.revoked,
    )
  }

  /** Whether something of the answer to this turn is still to go out. */
  awaits(turn: string): boolean {
    return this.#deps.store
      .ofTurn(turn)
      .some(({ state, message_id }) => state === 'queued' && !this.#known.has(message_id))
  }

  /** Whether anything of the assistant's answer to this turn may have been seen. */
  hasBegun(turn: string): boolean {
    return this.#deps.store
      .repliesOfTurn(turn)
      .some(
        ({ state, attempts, message_id }) =>
          state === 'acknowledged' ||
          state === 'delivered' ||
          state === 'read' ||
          attempts > 0 ||
          this.isUnderWay(message_id),
      )
  }

  #cancel(rows: readonly OutboxRow[], why: SendFailure): Committed {
    const events = rows
      .filter(({ message_id }) => !this.isUnderWay(message_id))
      .map((row) => this.#fail(row, why))
    return inOrder(events)
  }

  /** Two conversations became one on disk: the order of both is kept, and neither waits for a message of the other. */
  merged(merge: Merge): void {
    this.#inFlight.merged(merge)
    this.#retries.merged(merge)
    this.#wakeIn(0)
  }

  /** What holds up a queued message, as far as this process knows; `null` when nothing but its turn does. */
  holdUp(conversation: number): 'connection' | 'retry' | 'pace' | null {
    if (!this.#deps.transport.ready) return 'connection'
    if (this.#retries.has(conversation) || this.#unsettled.conversations.includes(conversation))
      return 'retry'
    return this.pacedUntil === null ? null : 'pace'
  }

  /** When the pace lets the next message out; `null` while it holds up nothing. Milliseconds since 1970. */
  get pacedUntil(): number | null {
    return this.#wake === null ? null : this.#pacedUntil
  }

  /** Whether it is being sent, may have arrived, or its outcome is known and not yet written. */
  isUnderWay(messageId: string): boolean {
    return this.#inFlight.has(messageId) || this.#unsettled.has(messageId) || this.#known.has(messageId)
  }

  /** A failed message goes out again, under its id and before what waits behind it. Throws `StorageError`. */
  retry(row: OutboxRow): void {
    this.#deps.commits.now(() => {
      this.#deps.store.requeue(row.sequence)
      return () => this.#publish('message.queued', row.message_id, row.conversation_name)
    })
    this.#wakeIn(0)
  }

  /** Gives up a message that is not out yet. Throws `StorageError`. */
  discard(row: OutboxRow): void {
    this.#deps.commits.now(() => this.#discard(row))
  }

  /** Inside of a transaction: what it says must not be read any more. Its text goes, and so does the message where it is not out yet. */
  withdraw(messageId: string): Committed | undefined {
    const { store, now } = this.#deps
    const unsent = store.findUnsent(messageId)
    if (unsent !== undefined && !this.isUnderWay(messageId)) return this.#discard(unsent)
    const row = store.find(messageId)
    if (row !== undefined) store.erase(row.sequence, now().getTime())
    return undefined
  }

  /** Inside of a transaction. */
  #discard(row: OutboxRow): Committed {
    const { store, now, settled } = this.#deps
    store.discard(row.sequence, now().getTime())
    return () => {
      this.#outcomes.forget(row.message_id)
      this.#publish('message.discarded', row.message_id, row.conversation_name)
      settled(row.conversation)
    }
  }

  readyChanged(ready: boolean): void {
    if (!ready) return
    this.#retries.clear()
    this.#wakeIn(0)
  }

  statusChanged(update: MessageStatusUpdate): void {
    this.#statuses.take(update)
  }

  /** As `StatusUpdates`. */
  readonly arrived = (row: OutboxRow): Committed | undefined => this.#statuses.arrived(row)

  /** The next one of its conversation waits for it no longer. */
  #isOut({ message_id, conversation, conversation_name }: OutboxRow): void {
    this.#outcomes.forget(message_id)
    this.#publish('message.sent', message_id, conversation_name)
    this.#retries.end(conversation)
    this.#deps.settled(conversation)
    // Not within the transport's own call.
    this.#wakeIn(0)
  }

  /** The limits of `pace` may be others: what waits for them is looked at again. */
  paceChanged(): void {
    if (this.pacedUntil !== null) this.#wakeIn(0)
  }

  /** Starts every send that need not wait. Never throws. */
  pump(): void {
    try {
      this.#sendNext()
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the outbox could not be read; it is tried again')
      this.#wakeIn(STORAGE_RETRY_MS)
    }
  }

  #sendNext(): void {
    const { transport, pace, isAllowed, commits, now } = this.#deps
    while (this.#started && this.#inFlight.hasRoom && this.#wake === null && transport.ready) {
      const row = this.#next()
      if (row === undefined) return
      // Withdrawn while it was under way.
      if (row.text === '') {
        this.discard(row)
        continue
      }
      if (!isAllowed(row)) {
        commits.now(() => this.#fail(row, SEND_FAILURES.notAllowed))
        continue
      }
      const waitMs = pace.take(now().getTime())
      if (waitMs > 0) {
        this.#pacedUntil = now().getTime() + waitMs
        return this.#wakeIn(waitMs)
      }
      this.#inFlight.begin(row, (signal) => this.#send(row, signal))
    }
  }

  #next(): OutboxRow | undefined {
    const busy = [
      ...this.#retries.conversations,
      ...this.#inFlight.conversations,
      ...this.#unsettled.conversations,
    ]
    const { suspects } = this.#outcomes
    return (
      this.#nextBeside([...busy, ...suspects]) ?? (suspects.length > 0 ? this.#nextBeside(busy) : undefined)
    )
  }

  #nextBeside(conversations: readonly number[]): OutboxRow | undefined {
    const rows = this.#deps.store.queued(1 + this.#known.size, conversations)
    return rows.find((row) => !this.#known.has(row.message_id))
  }

  async #send(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { transport, logger, settled, contentOf } = this.#deps
    let outcome: SendOutcome
    try {
      this.#unsettled.begin(row)
      outcome = await transport.send(
        {
          localId: row.message_id,
          chat: { kind: row.chat_kind, address: row.chat },
          person: numberOf(row.conversation_name),
          content: contentOf(row),
        },
        signal,
      )
    } catch (error) {
      const nothingLeft = error instanceof StorageError
      const why = error instanceof Error ? error.message : String(error)
      outcome = { outcome: 'unconfirmed', why, nothingLeft, interrupted: nothingLeft }
    }
    if (!this.#inFlight.end(row)) return
    try {
      this.#outcomes.take(row, outcome)
      settled(row.conversation)
      this.pump()
    } catch (error) {
      logger.error(
        { err: error },
        'the disk refused to store what became of a message; it is sent again under its id',
      )
      this.#wakeIn(STORAGE_RETRY_MS)
    }
  }

  /** Inside of a transaction. */
  #fail(row: OutboxRow, failure: SendFailure): Committed {
    const { store, account, publish, now, settled } = this.#deps
    this.#outcomes.forget(row.message_id)
    store.fail(row.sequence, failure, now().getTime())
    return () => {
      const { message_id: messageId, conversation_name: conversation } = row
      publish('message.failed', { account, messageId, conversation, at: now().toISOString(), ...failure })
      settled(row.conversation)
    }
  }

  /** As above, for a message that others of its conversation wait behind. */
  #failLate(row: OutboxRow, failure: SendFailure): Committed {
    const failed = this.#fail(row, failure)
    return () => {
      failed()
      this.#wakeIn(0)
    }
  }

  #publish(
    name: 'message.queued' | 'message.sent' | 'message.delivered' | 'message.read' | 'message.discarded',
    messageId: string,
    conversation: string,
  ): void {
    const { publish, account, now } = this.#deps
    publish(name, { account, messageId, conversation, at: now().toISOString() })
  }

  #wakeIn(delayMs: number): void {
    if (!this.#started) return
    if (this.#wake !== null) clearTimeout(this.#wake)
    if (delayMs === 0) this.#pacedUntil = null
    const wake = (): void => {
      this.#wake = null
      this.#pacedUntil = null
      this.pump()
    }
    this.#wake = setTimeout(wake, Math.min(delayMs, MAX_WAKE_MS))
  }
}
