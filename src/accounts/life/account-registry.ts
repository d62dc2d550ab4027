import type { Conversations } from '../../conversations/conversations.ts'
import type { OwnerQuestion } from '../../agents/owner-question.ts'
import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig, Config } from '../../config/model.ts'
import type { Counts } from '../../observability/metrics/account-counts.ts'
import { counting } from '../../observability/metrics/counted-events.ts'
import type { AccountFigures } from '../../observability/metrics/metric-facts.ts'
import { shownId } from '../../observability/metrics/shown-id.ts'
import { accountFigures } from '../status/account-figures.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { AccountPasskey, AccountView, LinkOffer, LinkRequest } from '../../protocol/account/account.ts'
import type { WebhookReceiver } from '../../messaging/webhook-receiver.ts'
import type { BusinessConnection } from '../../protocol/account/business.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { PasskeyAnswer } from '../../protocol/account/passkey.ts'
import { accountNotFound } from '../../protocol/account/account-not-found.ts'
import type { DaemonError } from '../../protocol/errors.ts'
import type { AccountDependencies, AccountLimit } from './account-dependencies.ts'
import { accountDirectoryOf } from './account-directory-of.ts'
import { Account } from './account.ts'
import { beyondLimit } from './beyond-limit.ts'
import { eraseRemoved } from './erase-directory.ts'
import { linkNumber } from './link-number.ts'
import type { HostIdentity } from '../ownership/host-identity.ts'

export interface AccountRegistryDependencies extends Pick<
  AccountDependencies,
  'transports' | 'importer' | 'redactor' | 'audio' | 'transcription' | 'publish' | 'logger' | 'now' | 'random'
> {
  eventLog?: AccountDependencies['eventLog']
  counts: Counts
  /** Of an account; `null` where there are none. `shown`: its id as it may be seen elsewhere. */
  traces: (account: string, shown: string) => AccountDependencies['traces']
  stateDir: string
  config: () => Config
  host: () => HostIdentity
  /** The lease of the account in this directory, where leases are configured. */
  lease: (directory: string) => AccountDependencies['lease']
  /** Puts this entry into `allowFrom` of the account, as a person asked for: in the file and in force when it resolves. */
  allowPerson: (account: string, entry: string) => Promise<void>
  agentFor: (account: string, agent: string) => ReturnType<AccountDependencies['agentFor']>
  agentHealth: (account: string) => ReturnType<AccountDependencies['agentHealth']>
  eraseEvents: (account: string, names: readonly string[]) => void
}

/** Every account of the config, each on its own directory; follows the config. */
export class AccountRegistry {
  readonly #deps: AccountRegistryDependencies
  readonly #accounts = new Map<string, Account>()
  /** Accounts that left the config and are still closing: their directory must not be opened meanwhile. */
  readonly #leaving = new Map<string, Promise<void>>()
  /** Accounts that leave the config for good: their directory goes with them. With what kept it from going, if anything did. */
  readonly #erasing = new Map<string, DaemonError | null>()
  #stopping = false

  constructor(deps: AccountRegistryDependencies) {
    this.#deps = deps
  }

  /** Each account opens in a turn of its own: to make a new file takes as long as everything else of a start. */
  start(): void {
    for (const id of Object.keys(this.#deps.config().accounts)) this.#add(id, 'soon')
  }

  /** Every account knows whether it may open its directory. Resolves within seconds. */
  async settled(): Promise<void> {
    await Promise.all([...this.#accounts.values()].map((account) => account.settled()))
    this.#refreshLimits()
  }

  /** Follows a change of the config in force: new accounts start, missing ones stop, the others apply it. */
  configChanged(): void {
    const { accounts } = this.#deps.config()
    for (const [id, account] of this.#accounts) {
      if (id in accounts) account.configChanged()
      else this.#remove(account)
    }
    for (const id of Object.keys(accounts)) {
      if (!this.#accounts.has(id)) this.#add(id, 'now')
    }
    this.#refreshLimits()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all([
      ...[...this.#accounts.values()].map((account) => account.stop()),
      ...this.#leaving.values(),
    ])
  }

  /** One disk that fails keeps no other account from what it has to store. */
  commit(): void {
    const failures: unknown[] = []
    for (const account of this.#accounts.values()) {
      try {
        account.commit()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /** For the process-wide handler of unhandled rejections. */
  replaceConnections(): void {
    for (const account of this.#accounts.values()) account.replaceConnection()
  }

  /** An agent of this account came back, went away, failed, or answers again. */
  assistantChanged(id: string): void {
    this.#accounts.get(id)?.agentsChanged()
  }

  list(): AccountView[] {
    return [...this.#accounts.values()].map((account) => account.view())
  }

  /** What a scrape shows of each. */
  figures(): AccountFigures[] {
    return [...this.#accounts.values()].map(accountFigures)
  }

  offers(): LinkOffer[] {
    return [...this.#accounts.values()].flatMap((account) => account.offer() ?? [])
  }

  activity(id: string, since: Date): MethodResult<'accounts.activity'> {
    return this.#get(id).activity(since)
  }

  async link(id: string, request: LinkRequest): Promise<LinkOffer> {
    return this.#get(id).link({ method: request.method, phoneNumber: linkNumber(request) })
  }

  async cancelLink(id: string): Promise<AccountView> {
    const account = this.#get(id)
    account.usableLink.cancelLink()
    return account.view()
  }

  passkeys(): AccountPasskey[] {
    return [...this.#accounts.values()].flatMap((account) => account.passkey() ?? [])
  }

  async answerPasskey(id: string, answer: PasskeyAnswer): Promise<AccountView> {
    const account = this.#get(id)
    account.usableLink.answerPasskey(answer)
    return account.view()
  }

  async confirmPasskey(id: string, ceremonyId: string, matches: boolean): Promise<AccountView> {
    const account = this.#get(id)
    account.usableLink.confirmPasskey(ceremonyId, matches)
    return account.view()
  }

  async reconnect(id: string): Promise<AccountView> {
    const account = this.#get(id)
    const { linked, business } = account.view()
    if (linked || (business ?? null) !== null) account.reconnect()
    else await account.link({ method: 'qr' })
    return account.view()
  }

  async connectBusiness(id: string, connection: BusinessConnection): Promise<AccountView> {
    const account = this.#get(id)
    await account.transportSwitch.connectBusiness(connection)
    return account.view()
  }

  async takeOver(id: string): Promise<AccountView> {
    const account = this.#get(id)
    account.takeOver()
    return account.view()
  }

  async importLink(id: string): Promise<AccountView> {
    const account = this.#get(id)
    await account.importLink()
    return account.view()
  }

  async joined(id: string): Promise<AccountView> {
    await this.#leaving.get(id)
    return this.#get(id).view()
  }

  async remove<Result>(id: string, leave: () => Promise<Result>, mayLoseLink: boolean): Promise<Result> {
    const takeBack = await this.#get(id).retire(mayLoseLink)
    this.#erasing.set(id, null)
    try {
      const result = await leave()
      await this.#leaving.get(id)
      const failure = this.#erasing.get(id) ?? null
      if (failure !== null) throw failure
      return result
    } catch (error) {
      takeBack()
      throw error
    } finally {
      this.#erasing.delete(id)
    }
  }

  async disconnect(id: string): ReturnType<Account['disconnect']> {
    return this.#get(id).disconnect()
  }

  allowAgain(id: string, phoneNumbers: readonly string[]): void {
    this.#accounts.get(id)?.allowAgain(phoneNumbers)
  }

  allows(id: string, phoneNumber: string): boolean {
    return this.#accounts.get(id)?.allows(phoneNumber) ?? false
  }

  ignoreSender(id: string, phoneNumber: string): MethodResult<'accounts.ignoreSender'> {
    return { phoneNumber, until: this.#get(id).conversations.ignoreSender(phoneNumber).toISOString() }
  }

  isIgnored(id: string, phoneNumber: string): boolean {
    try {
      return this.#get(id).conversations.isIgnored(phoneNumber)
    } catch {
      // Its directory is closed, or the disk refuses: the person is shown.
      return false
    }
  }

  isAnotherPerson(id: string, phoneNumber: string): boolean {
    return this.#accounts.get(id)?.isAnotherPerson(phoneNumber) ?? false
  }

  directoryOf(id: string): string {
    return accountDirectoryOf(this.#deps.config().accounts[id], this.#deps.stateDir, id)
  }

  businessWebhook(id: string): WebhookReceiver | null {
    return this.#accounts.get(id)?.webhook ?? null
  }

  /** Asks an owner of the account whether its agent may do something. Resolves with `false` where nobody can be asked; never rejects. */
  askOwner(question: OwnerQuestion): Promise<boolean> {
    return this.#accounts.get(question.turn.account)?.askOwner(question) ?? Promise.resolve(false)
  }

  pairing(id: string): Conversations['pairing'] {
    return this.#get(id).conversations.pairing
  }

  /** What accounts were connected with besides the config. Secret. */
  businessSecrets(): readonly string[] {
    return [...this.#accounts.values()].flatMap(({ openLink }) => openLink?.business?.secrets ?? [])
  }

  messages(id: string): Conversations['sending'] {
    return this.#get(id).conversations.sending
  }

  messageChanges(id: string): Conversations['changes'] {
    return this.#get(id).conversations.changes
  }

  media(id: string): Conversations['media'] {
    return this.#get(id).conversations.media
  }

  people(id: string): Conversations['people'] {
    return this.#get(id).conversations.people
  }

  outbox(id: string): Conversations['outbox'] {
    return this.#get(id).conversations.outbox
  }

  takeover(id: string): Conversations['takeover'] {
    return this.#get(id).conversations.takeover
  }

  conversations(id: string): Conversations['admin'] {
    return this.#get(id).conversations.admin
  }

  usage(id: string): Conversations['usage'] {
    return this.#get(id).conversations.usage
  }

  #get(id: string): Account {
    const account = this.#accounts.get(id)
    if (account === undefined) throw accountNotFound(id, [...this.#accounts.keys()])
    return account
  }

  #add(id: string, opening: 'now' | 'soon'): void {
    const leaving = this.#leaving.get(id)
    if (leaving !== undefined) {
      void leaving.then(() => {
        if (!this.#stopping && id in this.#deps.config().accounts && !this.#accounts.has(id))
          this.#add(id, 'now')
      })
      return
    }
    const { config, host, lease, allowPerson, agentFor, agentHealth, logger } = this.#deps
    let last = accountConfig(config(), id)
    const current = (): AccountConfig => {
      // An account that has just left the config keeps its last settings until it is closed.
      last = config().accounts[id] ?? last
      return last
    }
    const directory = this.directoryOf(id)
    const account = new Account({
      ...this.#deps,
      id,
      directory,
      directoryAsWritten: asWritten(last, 'authDir', directory),
      host: host(),
      lease: lease(directory),
      config: current,
      accountLimit: () => this.#accountLimit(id),
      otherWith: (phoneNumber) => this.#otherWith(id, phoneNumber),
      allowPerson: (entry) => allowPerson(id, entry),
      agentFor: (agent) => agentFor(id, agent),
      agentHealth: () => agentHealth(id),
      eraseEvents: (names) => this.#deps.eraseEvents(id, names),
      counts: this.#deps.counts.of(id),
      traces: this.#deps.traces(id, shownId(id, 'account', Object.keys(config().accounts).indexOf(id) + 1)),
      publish: counting(this.#deps.counts.of(id), this.#publish),
      logger: logger.child({ account: id }),
    })
    this.#accounts.set(id, account)
    account.start(opening)
  }

  #remove(account: Account): void {
    this.#accounts.delete(account.id)
    const left = this.#close(account).finally(() => this.#leaving.delete(account.id))
    this.#leaving.set(account.id, left)
    this.#deps.publish('account.removed', { account: account.id })
  }

  async #close(account: Account): Promise<void> {
    const { id } = account
    const isErased = this.#erasing.has(id)
    await account.stop({ quiet: true })
    if (!isErased) return
    const failure = eraseRemoved(account, this.#deps.stateDir)
    if (failure === null) return
    this.#deps.logger.error(
      { err: failure.cause, account: id },
      'a removed account left its directory behind',
    )
    this.#erasing.set(id, failure)
  }

  #accountLimit(id: string): AccountLimit | null {
    const beyond = this.#beyondLimit()
    if (!beyond.has(id)) return null
    const { accounts, maxAccounts } = this.#deps.config()
    return { maxAccounts, accounts: Object.keys(accounts).filter((other) => !beyond.has(other)) }
  }

  #otherWith(id: string, phoneNumber: string): string | null {
    const users = [...this.#accounts.values()].filter(({ usedNumber }) => usedNumber === phoneNumber)
    const isBusiness = users.some(({ openLink }) => openLink?.business !== null)
    return isBusiness ? (users.find((account) => account.id !== id)?.id ?? null) : null
  }

  /** In the order of the config. One that cannot be opened may hold a link: it keeps its place. */
  #beyondLimit(): ReadonlySet<string> {
    const { accounts, maxAccounts } = this.#deps.config()
    const ids = Object.keys(accounts)
    if (ids.length <= maxAccounts) return new Set()
    return beyondLimit(
      ids.map((id) => ({ id, linked: this.#accounts.get(id)?.linked !== false })),
      maxAccounts,
    )
  }

  /** Who has a place depends on who else is linked. */
  #refreshLimits(): void {
    for (const account of this.#accounts.values()) account.refresh()
  }

  #publish: EventPublisher['publish'] = (name, payload) => {
    this.#deps.publish(name, payload)
    const { accounts, maxAccounts } = this.#deps.config()
    if (name === 'account.status' && Object.keys(accounts).length > maxAccounts) this.#refreshLimits()
  }
}

function accountConfig(config: Config, id: string): AccountConfig {
  const account = config.accounts[id]
  if (account === undefined) throw accountNotFound(id, Object.keys(config.accounts))
  return account
}
