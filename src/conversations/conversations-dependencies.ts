import type { Logger } from 'pino'
import type { AnsweringAgent } from '../agents/agent.ts'
import type { AudioConverter } from '../agents/audio/audio-converter.ts'
import type { AccountConfig } from '../config/model.ts'
import type { AccountCounts } from '../observability/metrics/account-counts.ts'
import type { AccountTraces } from '../observability/traces/account-traces.ts'
import type { Transport } from '../messaging/transport.ts'
import type { EventPublisher } from '../protocol/events.ts'
import type { Database } from '../storage/database/database.ts'
import type { Redactor } from '../text/redaction/redactor.ts'

/** What the conversations of one account need of the rest of the daemon. */
export interface ConversationsDependencies {
  account: string
  database: Database
  transport: Transport
  /** The settings in force, asked for at every use. */
  config: () => AccountConfig
  /** Puts this entry into `allowFrom` of the account: in the file and in force when it resolves. Rejects with `DaemonError`. */
  allowPerson: (entry: string) => Promise<void>
  agentFor: (id: string) => AnsweringAgent
  /** What must not leave this sandbox, as it is now. */
  redactor: () => Redactor
  /**
   * What is said in the file at this path; empty where nothing is, `null` where the config names nobody who listens. Rejects with an error
   * that was logged, or with the signal's reason.
   */
  transcribe: (path: string, signal: AbortSignal) => Promise<string | null>
  /** Makes voice messages of sounds. */
  audio: Pick<AudioConverter, 'toVoice'>
  publish: EventPublisher['publish']
  /** Absent where there are no traces. */
  traces?: AccountTraces | undefined
  /** What happened, for `/metrics`: plain increments. */
  counts: AccountCounts
  /** Events of this account that name one of these people are on the disk no more when it returns. Throws `StorageError`. */
  eraseEvents: (names: readonly string[]) => void
  /** What people should know of the conversations is another: who asked and got no word, what was taken out of answers. */
  attentionChanged: () => void
  logger: Logger
  now: () => Date
  /** In [0, 1). */
  random: () => number
}
