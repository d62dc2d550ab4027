import type { Capabilities } from '../../messaging/capabilities.ts'
import type { MessageStatusUpdate, SendFailure } from '../../messaging/outcome.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { OutboxRow, OutboxState, OutboxStore } from './outbox-store.ts'

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

const STATE_OF_STATUS = { sent: 'acknowledged', delivered: 'delivered', read: 'read' } as const

export interface StatusUpdatesDependencies {
  capabilities: Capabilities
  store: OutboxStore
  commits: CommitGroup
  /** Local ids whose outcome is known but not yet on disk. */
  known: Set<string>
  /** A message is out; until now its outcome was unknown. */
  isOut: (row: OutboxRow) => void
  /** Inside of a transaction: a message will not arrive. */
  fail: (row: OutboxRow, failure: SendFailure) => Committed
  publish: (name: 'message.delivered' | 'message.read', row: OutboxRow) => void
  now: () => Date
}

/**
 * What WhatsApp tells of messages after they went out. An update only ever takes a message further: what is read stays
 * read. A refusal counts until somebody has the message.
 */
export class StatusUpdates {
  readonly #deps: StatusUpdatesDependencies
  /** By WhatsApp's id, where only the acknowledgement tells ours. */
  readonly #early = new Map<string, MessageStatusUpdate[]>()

  constructor(deps: StatusUpdatesDependencies) {
    this.#deps = deps
  }

  take(update: MessageStatusUpdate): void {
    const { store, known, commits } = this.#deps
    const localId = update.localId ?? store.findRemote(update.remoteId)?.message_id
    if (localId === undefined) return this.#keepEarly(update)
    known.add(localId)
    commits.later(() => {
      const row = store.find(localId)
      const committed = row === undefined ? undefined : this.#apply(row, update)
      return () => {
        known.delete(localId)
        committed?.()
      }
    })
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
    return () => this.#deps.isOut(row)
  }

  /** Inside of a transaction. */
  #apply(row: OutboxRow, update: MessageStatusUpdate): Committed | undefined {
    const { store, fail, isOut, publish, now } = this.#deps
    if (row.remote_id === null) store.setRemoteId(row.sequence, update.remoteId)
    if (update.status === 'failed') {
      const { code, message } = update
      return row.state === 'queued' || row.state === 'acknowledged' ? fail(row, { code, message }) : undefined
    }
    const { status } = update
    const state = STATE_OF_STATUS[status]
    if (RANK[state] <= RANK[row.state]) return undefined
    store.setState(row.sequence, state, now().getTime())
    return () => {
      // A receipt that overtakes the acknowledgement proves it.
      if (RANK[row.state] < RANK.acknowledged) isOut(row)
      if (status !== 'sent') publish(status === 'read' ? 'message.read' : 'message.delivered', row)
    }
  }

  #keepEarly(update: MessageStatusUpdate): void {
    if (this.#deps.capabilities.remoteIds === 'local') return
    const { remoteId } = update
    this.#early.set(remoteId, [...(this.#early.get(remoteId) ?? []), update].slice(-4))
    const [oldest] = this.#early.keys()
    if (this.#early.size > MAX_EARLY && oldest !== undefined) this.#early.delete(oldest)
  }
}
