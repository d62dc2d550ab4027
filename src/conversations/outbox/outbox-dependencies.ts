import type { Transport } from '../../messaging/transport.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Logger } from 'pino'
import type { Quote } from '../replies/quote.ts'
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
  /** The message that a row quotes, as it is now; `undefined` when it quotes none, or none that is still there. */
  quoteOf: (row: OutboxRow) => Quote
  /** When other things went out that count for the pace; milliseconds since 1970. */
  otherSends: () => readonly number[]
  /** A message of this conversation is out, or will never be. */
  settled: (conversation: string) => void
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
  random: () => number
}
