import type { Transcription } from '../../agents/transcription/transcription.ts'
import type { Logger } from 'pino'
import type { AnsweringAgent } from '../../agents/agent.ts'
import type { AudioConverter } from '../../agents/audio/audio-converter.ts'
import type { PooledAgentHealth } from '../../agents/agent-pool.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { AccountCounts } from '../../observability/metrics/account-counts.ts'
import type { AccountTraces } from '../../observability/traces/account-traces.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Lease, LeaseEvents } from '../../storage/leases/lease.ts'
import type { Redactor } from '../../text/redaction/redactor.ts'
import type { LinkImporter, Transports } from '../../transports/link.ts'
import type { EventLog } from './unlogged-events.ts'
import type { HostIdentity } from '../ownership/host-identity.ts'

/** The limit of accounts, and those that have its places. */
export interface AccountLimit {
  maxAccounts: number
  accounts: readonly string[]
}

/** What one account is made of. */
export interface AccountDependencies {
  id: string
  directory: string
  /** What people read in place of `directory`. */
  directoryAsWritten: string
  host: HostIdentity
  /** The lease that must be held besides the directory's lock; `null` when none is configured. */
  lease: ((events: LeaseEvents) => Lease) | null
  config: () => AccountConfig
  /** Who fills the limit of accounts, so that this one has no place; `null` while it has one. */
  accountLimit: () => AccountLimit | null
  /** Another account that has this number, E.164, where one of the two is a Business number; its id. */
  otherWith: (phoneNumber: string) => string | null
  /** By the name that the config uses. */
  transports: Transports
  /** Takes over what other programs left in the directory. */
  importer: LinkImporter
  /** As in `ConversationsDependencies`. */
  allowPerson: (entry: string) => Promise<void>
  agentFor: (id: string) => AnsweringAgent
  /** How each agent of the account is. */
  agentHealth: () => readonly PooledAgentHealth[]
  /** As in `ConversationsDependencies`. */
  redactor: () => Redactor
  /** What writes down voice messages, for every account. */
  transcription: Pick<Transcription, 'transcribe' | 'health'>
  audio: Pick<AudioConverter, 'toVoice'>
  publish: EventPublisher['publish']
  /** `null` where there are no traces. */
  traces: AccountTraces | null
  /** What it did, for `/metrics`. */
  counts: AccountCounts
  /** Stores what was published before the account's files tell of it. */
  eventLog?: EventLog | undefined
  /** As in `ConversationsDependencies`. */
  eraseEvents: (names: readonly string[]) => void
  logger: Logger
  now: () => number
  random: () => number
}
