import type { SendFailure } from '../../messaging/outcome.ts'
import type { OutgoingContent } from '../../messaging/outgoing-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { AccountCounts } from '../../observability/metrics/account-counts.ts'
import type { AccountTraces } from '../../observability/traces/account-traces.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Logger } from 'pino'
import type { AckStore } from '../reactions/ack-store.ts'
import type { ChargeStore } from '../usage/charge-store.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import type { Pace } from './pace.ts'

/** What an account's outbox works with. */
export interface OutboxDependencies {
  account: string
  store: OutboxStore
  commits: CommitGroup
  pace: Pace
  transport: Transport
  /** Why it may not be sent now, decided again before each send; `null` where it may. */
  refusalOf: (row: OutboxRow) => SendFailure | null
  /** What goes out of a row, with the message that it quotes as that is now; `null` where its file is gone. */
  contentOf: (row: OutboxRow) => OutgoingContent | null
  /** Inside of a transaction: WhatsApp has this message now. */
  reached: (row: OutboxRow) => Committed | undefined
  charges: Pick<ChargeStore, 'count' | 'add'>
  /** Reactions of the daemon's own, which are no rows of the outbox. */
  reactions: Pick<AckStore, 'find'>
  /** Inside of a transaction: this message fails, because its file cannot be sent. */
  fileFailed: (row: OutboxRow) => Committed | undefined
  /** Inside of a transaction: this message will not arrive, which may be what somebody waits for. */
  unsent: (row: OutboxRow) => Committed | undefined
  /** Inside of a transaction: a person decides what becomes of a message that did not arrive. */
  lookedAfter: (row: OutboxRow) => Committed | undefined
  /** Inside of a transaction: the files of the row with this `message_id` go. */
  eraseFiles: (messageId: string) => Committed
  /** When other things went out that count for the pace; milliseconds since 1970. */
  otherSends: () => readonly number[]
  /** A message of this conversation is out, or will never be. */
  settled: (conversation: number) => void
  publish: EventPublisher['publish']
  traces?: AccountTraces | undefined
  /** The message in whose trace this row is. */
  traceOf: (row: OutboxRow) => string
  counts: Pick<AccountCounts, 'sent' | 'retries' | 'acknowledgements'>
  logger: Logger
  now: () => Date
  random: () => number
}
