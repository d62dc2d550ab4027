import { join } from 'node:path'
import type { Logger } from 'pino'
import { normalizePhoneNumber } from '../access/phone-number.ts'
import type { AccountConfig, Config } from '../config/config.ts'
import type {
  AccountsPort,
  DisconnectResult,
  EventPublisher,
  LinkRequest,
  OutboxPort,
} from '../control/ports.ts'
import type { AccountView, LinkOffer } from '../protocol/account.ts'
import { DaemonError } from '../protocol/errors.ts'
import { Account, type AccountDependencies } from './account.ts'
import type { HostIdentity } from './host-identity.ts'

export interface AccountRegistryDependencies {
  stateDir: string
  config: () => Config
  host: () => HostIdentity
  /** The lease of the account in this directory, where leases are configured. */
  lease: (directory: string) => AccountDependencies['lease']
  publish: EventPublisher['publish']
  timings: AccountDependencies['timings']
  agentFor: (account: AccountConfig, agent: string) => ReturnType<AccountDependencies['agentFor']>
  logger: Logger
  now: () => number
  random: () => number
}

/** Every account of the config, each on its own directory; follows the config. */
export class AccountRegistry implements AccountsPort {
  readonly #dependencies: AccountRegistryDependencies
  readonly #accounts = new Map<string, Account>()
  /** Accounts that left the config and are still closing, so that nobody opens their directory meanwhile. */
  readonly #leaving = new Map<string, Promise<void>>()
  #stopping = false

  constructor(dependencies: AccountRegistryDependencies) {
    this.#dependencies = dependencies
  }

  start(): void {
    for (const id of Object.keys(this.#dependencies.config().accounts)) this.#add(id)
  }

  /** Every account knows whether it may open its directory. Resolves within seconds. */
  async settled(): Promise<void> {
    await Promise.all([...this.#accounts.values()].map((account) => account.settled()))
  }

  /** Follows a change of the config in force: new accounts start, missing ones stop, the others are told. */
  configChanged(): void {
    const { accounts } = this.#dependencies.config()
    for (const [id, account] of this.#accounts) {
      if (id in accounts) account.configChanged()
      else this.#remove(account)
    }
    for (const id of Object.keys(accounts)) {
      if (!this.#accounts.has(id)) this.#add(id)
    }
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all([
      ...[...this.#accounts.values()].map((account) => account.stop()),
      ...this.#leaving.values(),
    ])
  }

  commit(): void {
    for (const account of this.#accounts.values()) account.commit()
  }

  /** For the process-wide handler of rejections that nobody caught. */
  replaceSockets(): void {
    for (const account of this.#accounts.values()) account.replaceSocket()
  }

  list(): AccountView[] {
    return [...this.#accounts.values()].map((account) => account.view())
  }

  offers(): LinkOffer[] {
    return [...this.#accounts.values()].flatMap((account) => account.offer() ?? [])
  }

  async link(id: string, request: LinkRequest): Promise<LinkOffer> {
    return this.#get(id).link({ method: request.method, phoneNumber: linkNumber(request) })
  }

  async cancelLink(id: string): Promise<AccountView> {
    const account = this.#get(id)
    account.cancelLink()
    return account.view()
  }

  async reconnect(id: string): Promise<AccountView> {
    const account = this.#get(id)
    if (account.view().linked) account.reconnect()
    else await account.link({ method: 'qr' })
    return account.view()
  }

  async disconnect(id: string): Promise<DisconnectResult> {
    return this.#get(id).disconnect()
  }

  outbox(id: string): OutboxPort {
    return this.#get(id).outbox
  }

  #get(id: string): Account {
    const account = this.#accounts.get(id)
    if (account === undefined) throw new DaemonError('account_not_found', { details: { account: id } })
    return account
  }

  #add(id: string): void {
    const leaving = this.#leaving.get(id)
    if (leaving !== undefined) {
      void leaving.then(() => {
        if (!this.#stopping && id in this.#dependencies.config().accounts && !this.#accounts.has(id))
          this.#add(id)
      })
      return
    }
    const { stateDir, config, host, lease, publish, timings, agentFor, logger, now, random } =
      this.#dependencies
    let last = accountConfig(config(), id)
    const current = (): AccountConfig => {
      // An account that has just left the config keeps its last settings until it is closed.
      last = config().accounts[id] ?? last
      return last
    }
    const directory = last.authDir ?? join(stateDir, 'accounts', id)
    const account = new Account({
      id,
      directory,
      host: host(),
      lease: lease(directory),
      config: current,
      server: () => config().daemon.whatsapp,
      timings,
      agentFor: (agent) => agentFor(current(), agent),
      publish,
      logger: logger.child({ account: id }),
      now,
      random,
    })
    this.#accounts.set(id, account)
    account.start()
  }

  #remove(account: Account): void {
    this.#accounts.delete(account.id)
    const left = account.stop().finally(() => this.#leaving.delete(account.id))
    this.#leaving.set(account.id, left)
  }
}

function accountConfig(config: Config, id: string): AccountConfig {
  const account = config.accounts[id]
  if (account === undefined) throw new DaemonError('account_not_found', { details: { account: id } })
  return account
}

function linkNumber({ method, phoneNumber }: LinkRequest): string | undefined {
  if (method === 'qr') return undefined
  const normalized = normalizePhoneNumber(phoneNumber ?? '')
  if (normalized.ok) return normalized.e164
  throw new DaemonError('invalid_phone_number', {
    message: normalized.message,
    details: { reason: normalized.code },
  })
}
