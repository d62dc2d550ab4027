import type { SendHold } from '../../messaging/send-hold.ts'
import type { SendFailure, SendOutcome } from '../../messaging/outcome.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import type { Merge } from '../store/conversation-store.ts'
import { NothingElse } from './nothing-else.ts'
import type { OutboxDependencies } from './outbox-dependencies.ts'
import type { NewOutboxRow } from './new-outbox-row.ts'
import type { OutboxRow } from './outbox-store.ts'
import { RetryWaits } from './retry-waits.ts'
import { isAwaited, isOfFile, SEND_FAILURES } from './send-failures.ts'
import { SendOutcomes } from './send-outcomes.ts'
import { SendsInFlight } from './sends-in-flight.ts'
import { StatusUpdates } from './status-updates.ts'
import { transmit } from './transmit.ts'
import { UnsettledSends } from './unsettled-sends.ts'
import { WakeUp } from './wake-up.ts'

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
  readonly #inFlight = new SendsInFlight()
  readonly #unsettled: UnsettledSends
  readonly #statuses: StatusUpdates
  readonly #outcomes: SendOutcomes
  readonly #wakeUp = new WakeUp(() => this.pump())
  readonly #nothingElse = new NothingElse()
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
      discard: (row) => this.#discard(row),
    })
  }

  start(): void {
    const { pace, store, now, otherSends } = this.#deps
    this.#unsettled.start()
    this.#nothingElse.forget()
    pace.resume([...store.recentSends(MAX_RECENT_SENDS), ...otherSends()], now().getTime())
    this.#started = true
    this.#wakeIn(0)
  }

  /** Waits for the messages in flight, 5 s at most; what is not sent stays stored. */
  async stop(): Promise<void> {
    this.#started = false
    this.#wakeUp.clear()
    this.#retries.clear()
    this.#unsettled.stop()
    await this.#inFlight.stop()
    // A message that was in flight may wait for its next attempt since.
    this.#retries.clear()
  }

  hasQueued(conversation: number): boolean {
    const known = this.#known
    return this.#deps.store.queuedIdsOf(conversation, 1 + known.size).some((id) => !known.has(id))
  }

  /** Inside of a transaction of the caller, who calls `pump` when it is committed. */
  enqueue(row: Omit<NewOutboxRow, 'remoteId'>): Committed {
    const { store, transport } = this.#deps
    this.#nothingElse.added(row.conversation.id)
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

  /**
   * Inside of a transaction: somebody else answers there now. What is not out is given up; of what is on its way, what has not left yet
   * does not leave, and nothing is tried again, not after a crash either.
   */
  withdrawAnswers(conversation: number): Committed {
    const { store, now } = this.#deps
    const withdrawn = store.queuedAnswersOf(conversation).map((row) => {
      if (!this.isUnderWay(row.message_id)) return this.#discard(row)
      store.setWithdrawn(row.sequence, now().getTime())
      return undefined
    })
    return inOrder(withdrawn)
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
    return this.#deps.store.ofTurn(turn).some((row) => row.state === 'queued' && this.#isOpen(row))
  }

  /** Whether anything of the assistant's answer to this turn may have been seen. */
  hasBegun(turn: string): boolean {
    return this.#deps.store
      .repliesOfTurn(turn)
      .some(
        ({ state, attempts, message_id }) =>
          ['acknowledged', 'delivered', 'read'].includes(state) ||
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
    this.#nothingElse.forget()
    this.#inFlight.merged(merge)
    this.#retries.merged(merge)
    this.#wakeIn(0)
  }

  /** What holds up a queued message, as far as this process knows; `null` when nothing but its turn does. */
  holdUp(conversation: number): 'connection' | 'limit' | 'status' | 'retry' | 'pace' | null {
    if (!this.#deps.transport.ready) return 'connection'
    if (this.#unsettled.conversations.includes(conversation)) return 'status'
    if (this.holdOf(conversation) !== null) return 'limit'
    if (this.#retries.has(conversation)) return 'retry'
    return this.pacedUntil === null ? null : 'pace'
  }

  /** Why WhatsApp takes nothing for this conversation now, or nothing at all; `null` where it does, as far as this process knows. */
  holdOf(conversation?: number): SendHold | null {
    return this.#wakeUp.hold ?? (conversation === undefined ? null : this.#retries.holdOf(conversation))
  }

  /** When the pace lets the next message out; `null` while it holds up nothing. Milliseconds since 1970. */
  get pacedUntil(): number | null {
    return this.#wakeUp.pacedUntil
  }

  /** Whether it is being sent, may have arrived, or its outcome is known and not yet written. */
  isUnderWay(messageId: string): boolean {
    return this.#inFlight.has(messageId) || this.#unsettled.has(messageId) || this.#known.has(messageId)
  }

  /** A failed message goes out again, under its id and before what waits behind it. Throws `StorageError`. */
  retry(row: OutboxRow): void {
    this.#deps.commits.now(() => {
      this.#deps.store.requeue(row.sequence)
      this.#nothingElse.forget()
      const ended = this.#deps.lookedAfter(row)
      return () => {
        this.#publish('message.queued', row.message_id, row.conversation_name)
        ended?.()
      }
    })
    this.#wakeIn(0)
  }

  /** Gives up a message that is not out yet. Throws `StorageError`. */
  discard(row: OutboxRow): void {
    this.#deps.commits.now(() => inOrder([this.#discard(row), this.#deps.lookedAfter(row)]))
  }

  /** Inside of a transaction: what it says must not be read any more. Its text goes, and so does the message where it is not out yet. */
  withdraw(messageId: string): Committed | undefined {
    const { store, now } = this.#deps
    const unsent = store.findUnsent(messageId)
    if (unsent !== undefined && !this.isUnderWay(messageId)) return this.#discard(unsent)
    const row = store.find(messageId)
    return row && this.erase(row, now())
  }

  /** Inside of a transaction: the text of this message goes, and its file. */
  erase({ sequence, message_id }: OutboxRow, at: Date): Committed {
    this.#deps.store.erase(sequence, at.getTime())
    return this.#deps.eraseFiles(message_id)
  }

  /** Inside of a transaction. */
  #discard(row: OutboxRow): Committed {
    const { store, now, settled, eraseFiles } = this.#deps
    store.discard(row.sequence, now().getTime())
    const erased = eraseFiles(row.message_id)
    return () => {
      erased()
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

  /** What WhatsApp tells of messages after they went out. */
  get statuses(): Pick<StatusUpdates, 'take' | 'sentAt' | 'arrived'> {
    return this.#statuses
  }

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
    const { transport, pace, refusalOf, commits, now } = this.#deps
    while (this.#started && this.#inFlight.hasRoom && !this.#wakeUp.isSet && transport.ready) {
      const row = this.#next()
      if (row === undefined) return
      // Withdrawn while it was under way.
      if (row.text === '' || row.withdrawn_at !== null) {
        this.discard(row)
        continue
      }
      const refusal = refusalOf(row)
      if (refusal !== null) {
        commits.now(() => this.#fail(row, refusal))
        continue
      }
      const at = now().getTime()
      const hold = transport.holdOf({ kind: row.chat_kind, address: row.chat })
      if (hold?.scope === 'account') return this.#wakeUp.in(hold.until - at, { hold })
      if (hold !== null) {
        this.#retries.wait(row.conversation, hold.until - at, hold)
        continue
      }
      const waitMs = pace.take(at)
      if (waitMs > 0) return this.#wakeUp.in(waitMs, { pacedUntil: at + waitMs })
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
    const next = this.#nextBeside([...busy, ...suspects])
    return next ?? (suspects.length > 0 ? this.#nextBeside(busy) : undefined)
  }

  #isOpen(row: OutboxRow): boolean {
    return !this.#known.has(row.message_id)
  }

  #nextBeside(conversations: readonly number[]): OutboxRow | undefined {
    if (this.#nothingElse.beside(conversations)) return undefined
    const rows = this.#deps.store.queued(1 + this.#known.size, conversations)
    if (rows.length === 0) this.#nothingElse.found(conversations)
    return rows.find((row) => this.#isOpen(row))
  }

  async #send(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const { logger, settled } = this.#deps
    let outcome: SendOutcome
    try {
      outcome = await transmit(
        { ...this.#deps, leaves: (current) => this.#unsettled.begin(current) },
        row,
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
    const { store, account, publish, now, settled, fileFailed, unsent } = this.#deps
    this.#outcomes.forget(row.message_id)
    store.fail(row.sequence, failure, now().getTime())
    const told = isOfFile(failure) ? fileFailed(row) : undefined
    // Somebody answers there already.
    const waits = row.withdrawn_at === null && isAwaited(failure) ? unsent(row) : undefined
    return () => {
      const { message_id: messageId, conversation_name: conversation } = row
      publish('message.failed', { account, messageId, conversation, at: now().toISOString(), ...failure })
      told?.()
      waits?.()
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
    if (this.#started) this.#wakeUp.in(delayMs)
  }
}
