import type { Logger } from 'pino'
import type { AnsweringAgent } from '../agents/agent.ts'
import type { AccountConfig } from '../config/model.ts'
import type { Transport } from '../messaging/transport.ts'
import type { EventPublisher } from '../protocol/events.ts'
import type { Database } from '../storage/database/database.ts'

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
  publish: EventPublisher['publish']
  /** What waits for a person is another: who asked and got no word. */
  attentionChanged: () => void
  logger: Logger
  now: () => Date
  /** In [0, 1). */
  random: () => number
}
