import type { Capabilities } from '../../messaging/capabilities.ts'
import type { MessageStatusUpdate, SendFailure } from '../../messaging/outcome.ts'
import type { AckStore } from '../reactions/ack-store.ts'
import type { ChargeStore } from '../usage/charge-store.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { OutboxRow, OutboxState, OutboxStore } from './outbox-store.ts'
import { SEND_FAILURES } from './send-failures.ts'

/** Updates that are kept for messages whose acknowledgement has not come yet. */
const MAX_EARLY = 200

const RANK: Readonly<Record<OutboxState, number>> = {
  failed: 0,
  queued: 0,
  acknowledged: 1,
  delivered: 2,
  read: 3,
  // Whatever a late receipt says: a person has given it up.
  discarded: 4,
}

const STATE_OF_STATUS = {
  sent: 'acknowledged',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
} as const

export interface StatusUpdatesDependencies {
  capabilities: Capabilities
  store: OutboxStore
  commits: CommitGroup
  /** Local ids whose outcome is known but not yet on disk. */
  known: Set<string>
  /** Inside of a transaction: WhatsApp has this message now. */
  reached: (row: OutboxRow) => Committed | undefined
  /** A message is out; until now its outcome was unknown. */
  isOut: (row: OutboxRow) => void
  charges: Pick<ChargeStore, 'count' | 'add'>
  /** Reactions of the daemon's own: of these the price alone counts. */
  reactions: Pick<AckStore, 'find'>
  /** Inside of a transaction: a message will not arrive. */
  fail: (row: OutboxRow, failure: SendFailure) => Committed
  publish: (name: 'message.delivered' | 'message.read', row: OutboxRow) => void
  now: () => Date
}

/**
 * What WhatsApp tells of messages after they went out. An update only ever takes a message further: what is read stays
 * read. A refusal counts until somebody has the message, and that it was sent is no news of a message that WhatsApp refused since.
 */
export class StatusUpdates {
  readonly #deps: StatusUpdatesDependencies
  /** By WhatsApp's id, where only the acknowledgement tells ours. */
  readonly #early = new Map<string, MessageStatusUpdate[]>()

  constructor(deps: StatusUpdatesDependencies) {
    this.#deps = deps
  }

  /** Written when it returns, where WhatsApp would not tell it again. Throws `StorageError` then. */
  take(update: MessageStatusUpdate): void {
    const { store, known, commits, capabilities } = this.#deps
    const localId = this.#localIdOf(update)
    if (localId === null)
      return this.#isOfReaction(update) ? this.#countReaction(update) : this.#keepEarly(update)
    const apply = (): Committed | undefined => {
      const row = store.find(localId)
      return row === undefined ? undefined : this.#apply(row, update)
    }
    // Without a second send this is the only word about what became of the message.
    if (!capabilities.resend) return commits.now(apply)
    known.add(localId)
    commits.later(() => {
      const committed = apply()
      return () => {
        known.delete(localId)
        committed?.()
      }
    })
  }

  /** As `Sink.sentAt`. */
  sentAt(message: Pick<MessageStatusUpdate, 'remoteId' | 'localId'>): number | null {
    const localId = this.#localIdOf(message)
    const row = localId === null ? undefined : this.#deps.store.find(localId)
    if (row === undefined || this.#isOfFormerAttempt(row, message.remoteId)) return null
    if (row.state === 'queued') return row.unsettled_since ?? row.queued_at
    return RANK[row.state] >= RANK.acknowledged ? row.settled_at : null
  }

  /** Where WhatsApp makes the ids, ours may come back with a message that another program sent. */
  #localIdOf({ localId, remoteId }: Pick<MessageStatusUpdate, 'remoteId' | 'localId'>): string | null {
    const { store, capabilities } = this.#deps
    if (capabilities.remoteIds === 'local') return localId
    const known = localId === null ? undefined : store.find(localId)
    return (known ?? store.findRemote(remoteId))?.message_id ?? null
  }

  #isOfReaction({ localId }: MessageStatusUpdate): boolean {
    return localId !== null && this.#deps.reactions.find(localId) !== undefined
  }

  /** Of a reaction WhatsApp tells that it was sent and no more; each such update comes here once. */
  #countReaction({ status, price, at }: MessageStatusUpdate): void {
    const { commits, charges } = this.#deps
    if (status !== 'sent' || price === undefined) return
    commits.now(() => {
      charges.add(price, this.#timeOf(at))
      return undefined
    })
  }

  /** What is told late counts for the month in which it happened. */
  #timeOf(at: Date | undefined): number {
    const now = this.#deps.now().getTime()
    return Math.min(at?.getTime() ?? now, now)
  }

  /** The acknowledgement named this id of WhatsApp's: what came before it counts now. */
  acknowledged(remoteId: string): void {
    const updates = this.#early.get(remoteId) ?? []
    this.#early.delete(remoteId)
    for (const update of updates) this.take(update)
  }

  /** Inside of a transaction: this message has arrived, also where its acknowledgement was lost. */
  arrived(row: OutboxRow): Committed | undefined {
    if (RANK[row.state] >= RANK.acknowledged) return undefined
    this.#deps.store.setState(row.sequence, 'acknowledged', this.#deps.now().getTime())
    const reached = this.#deps.reached(row)
    return () => {
      this.#deps.isOut(row)
      reached?.()
    }
  }

  /** Inside of a transaction. */
  #apply(row: OutboxRow, update: MessageStatusUpdate): Committed | undefined {
    const { store, fail, isOut, publish, charges, now } = this.#deps
    if (update.price !== undefined) charges.count(row.sequence, update.price, this.#timeOf(update.at))
    const isOfFormerAttempt = this.#isOfFormerAttempt(row, update.remoteId)
    if (isOfFormerAttempt && (update.status === 'failed' || update.status === 'sent')) return undefined
    if (!isOfFormerAttempt && row.remote_id !== update.remoteId)
      store.setRemoteId(row.sequence, update.remoteId)
    if (update.status === 'failed') {
      const { code, message } = update
      return row.state === 'queued' || row.state === 'acknowledged' ? fail(row, { code, message }) : undefined
    }
    const { status } = update
    const state = STATE_OF_STATUS[status]
    if (RANK[state] <= RANK[row.state]) return undefined
    store.setState(row.sequence, state, now().getTime())
    // A receipt that overtakes the acknowledgement proves it.
    const isFirstProof = RANK[row.state] < RANK.acknowledged
    const reached = isFirstProof ? this.#deps.reached(row) : undefined
    return () => {
      if (isFirstProof) isOut(row)
      reached?.()
      if (status !== 'sent') publish(status === 'read' ? 'message.read' : 'message.delivered', row)
    }
  }

  /**
   * Whether this id of WhatsApp's is of an attempt whose end is known: it failed, or was followed by another one. WhatsApp may repeat and
   * reorder statuses, and these must not settle the attempt after it.
   */
  #isOfFormerAttempt(row: OutboxRow, remoteId: string): boolean {
    const { store, capabilities } = this.#deps
    if (capabilities.remoteIds === 'local' || row.remote_id === null) return false
    const isKnownId = row.remote_id === remoteId
    if (row.state === 'queued') return isKnownId
    if (row.state !== 'failed') return !isKnownId
    // Without an answer to the last attempt, an id that is new is of that one.
    return isKnownId || store.failureOf(row.sequence)?.code !== SEND_FAILURES.outcomeUnknown.code
  }

  #keepEarly(update: MessageStatusUpdate): void {
    if (this.#deps.capabilities.remoteIds === 'local') return
    const { remoteId } = update
    this.#early.set(remoteId, [...(this.#early.get(remoteId) ?? []), update].slice(-4))
    const [oldest] = this.#early.keys()
    if (this.#early.size > MAX_EARLY && oldest !== undefined) this.#early.delete(oldest)
  }
}
