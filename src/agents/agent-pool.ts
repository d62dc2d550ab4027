import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { AccountConfig, AgentConfig } from '../config/model.ts'
import type { AgentCounts } from '../observability/metrics/account-counts.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { ShownSetting } from './connector.ts'
import type { Agent, AnsweringAgent } from './agent.ts'
import { type AgentRecord, PooledAgent } from './pooled-agent.ts'

type AgentsOfAccounts = Readonly<
  Record<string, Pick<AccountConfig, 'written'> & { agents: Readonly<Record<string, AgentConfig>> }>
>

export interface AgentPoolDeps {
  /** The accounts of the config in force; the same object while it is the same config. */
  accounts: () => AgentsOfAccounts
  /** Makes an agent, which does nothing yet. */
  create: (id: string, settings: AgentConfig, shown: ShownSetting, account: string) => Agent
  /** An agent of this account failed, or answers again. */
  changed?: (account: string) => void
  /** What an agent of an account did, for `/metrics`. */
  counts?: (account: string, agent: string) => AgentCounts
  now?: () => number
  logger: Logger
}

interface Member {
  account: string
  id: string
  settings: AgentConfig
  /** What may be shown of its settings, by their path below it. */
  written: Readonly<Record<string, string>>
  agent: PooledAgent
}

/** How an agent of an account is. */
export interface PooledAgentHealth extends AgentRecord {
  account: string
  agent: string
  connector: string
}

/** An agent as it can be listed. */
export interface ListedAgent extends PooledAgentHealth {
  /** The models that its server or program offers, as it said them last. */
  offeredModels: readonly string[]
}

/**
 * The agents of every account, as the config in force names them. A change of the config keeps the agents that it does not concern,
 * and replaces the others as soon as their turns are over.
 */
export class AgentPool {
  readonly #deps: AgentPoolDeps
  #members = new Map<string, Member>()
  /** Replaced or removed agents whose turns are not over. */
  readonly #retired = new Set<PooledAgent>()
  #config: AgentsOfAccounts | null = null
  #isStopped = false

  constructor(deps: AgentPoolDeps) {
    this.#deps = deps
  }

  start(): void {
    this.configChanged()
  }

  /** Follows the config in force. */
  configChanged(): void {
    const accounts = this.#deps.accounts()
    if (this.#isStopped || accounts === this.#config) return
    this.#config = accounts
    const before = this.#members
    this.#members = new Map()
    for (const [account, { agents, written: all }] of Object.entries(accounts)) {
      for (const [id, settings] of Object.entries(agents)) {
        const key = keyOf(account, id)
        const known = before.get(key)
        const written = writtenBelow(`agents.${id}.`, all)
        const isSame = isDeepStrictEqual([known?.settings, known?.written], [settings, written])
        if (known === undefined || !isSame) {
          this.#add({ account, id, settings, written })
        } else {
          this.#members.set(key, known)
          before.delete(key)
        }
      }
    }
    for (const { agent } of before.values()) this.#retire(agent)
  }

  /** The agent that `account` calls `id`, ready or not. Throws `DaemonError` (`misconfigured`) where the config has none. */
  agent(account: string, id: string): AnsweringAgent {
    this.configChanged()
    const member = this.#members.get(keyOf(account, id))
    if (member !== undefined) return member.agent
    throw new DaemonError('misconfigured', {
      message: `The config file names no agent "${id}" for the account "${account}".`,
    })
  }

  /** How every agent is, or every one of an account, from what is known already. */
  health(of?: string): PooledAgentHealth[] {
    return [...this.#members.values()]
      .filter(({ account }) => of === undefined || account === of)
      .map(({ account, id, settings, agent }) => ({
        account,
        agent: id,
        connector: settings.connector,
        ...agent.health(),
      }))
  }

  /** Every agent of every account. */
  list(): ListedAgent[] {
    return this.health().map((health) => ({
      ...health,
      offeredModels: this.agent(health.account, health.agent).offeredModels?.() ?? [],
    }))
  }

  /** Ends every agent, after the conversations have interrupted their turns. Resolves within five seconds. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true
    const members = [...this.#members.values()].map(({ agent }) => agent)
    await Promise.all([...members, ...this.#retired].map((agent) => agent.stop()))
  }

  #add(member: Omit<Member, 'agent'>): void {
    const { account, id, settings, written } = member
    const logger = this.#deps.logger.child({ account })
    const { create, changed, counts, now = Date.now } = this.#deps
    const agent = new PooledAgent({
      id,
      agent: create(id, settings, (setting, value) => written[setting] ?? value, account),
      logger,
      ...parallelTurnsOf(settings),
      changed: () => {
        // One that was replaced finishes its turns, and is nobody's assistant any more.
        if (this.#members.get(keyOf(account, id))?.agent === agent) changed?.(account)
      },
      now,
      ...(counts !== undefined && { counts: () => counts(account, id) }),
    })
    this.#members.set(keyOf(account, id), { ...member, agent })
    agent.start()
  }

  #retire(agent: PooledAgent): void {
    this.#retired.add(agent)
    agent.retire(() => this.#retired.delete(agent))
  }
}

function writtenBelow(path: string, written: AccountConfig['written'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(written).flatMap(([key, text]) =>
      key.startsWith(path) ? [[key.slice(path.length), text]] : [],
    ),
  )
}

function parallelTurnsOf({ settings }: AgentConfig): { parallelTurns?: number } {
  const { parallelTurns } = settings
  return typeof parallelTurns === 'number' ? { parallelTurns } : {}
}

/** Neither id may have a space. */
function keyOf(account: string, id: string): string {
  return `${account} ${id}`
}
