import type { OutgoingContent } from '../../messaging/outgoing-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Logger } from 'pino'
import type { CommitGroup } from '../store/commit-group.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import type { Pace } from './pace.ts'

/** What an account's outbox works with. */
export interface OutboxDependencies {
  account: string
  store: OutboxStore
  commits: CommitGroup
  pace: Pace
  transport: Transport
  /** The verdict, taken again before each send. */
  isAllowed: (row: OutboxRow) => boolean
  /** What goes out of a row, with the message that it quotes as that is now. */
  contentOf: (row: OutboxRow) => OutgoingContent
  /** When other things went out that count for the pace; milliseconds since 1970. */
  otherSends: () => readonly number[]
  /** A message of this conversation is out, or will never be. */
  settled: (conversation: number) => void
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
  random: () => number
}
