import type { Logger } from 'pino'
import type { AnsweringAgent } from '../../agents/agent.ts'
import type { PooledAgentHealth } from '../../agents/agent-pool.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Lease, LeaseEvents } from '../../storage/leases/lease.ts'
import type { LinkImporter, OpenLink } from '../../transports/link.ts'
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
  openLink: OpenLink
  /** Takes over what other programs left in the directory. */
  importer: LinkImporter
  /** As in `ConversationsDependencies`. */
  allowPerson: (entry: string) => Promise<void>
  agentFor: (id: string) => AnsweringAgent
  /** How each agent of the account is. */
  agentHealth: () => readonly PooledAgentHealth[]
  publish: EventPublisher['publish']
  logger: Logger
  now: () => number
  random: () => number
}
