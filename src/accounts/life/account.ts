import type { OwnerQuestion } from '../../agents/owner-question.ts'
import type { Conversations } from '../../conversations/conversations.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type {
  AccountPasskey,
  AccountView,
  LinkOffer,
  DisconnectResult,
  LinkRequest,
} from '../../protocol/account/account.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { Link } from '../../transports/link.ts'
import { accountActivity } from '../status/account-activity.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import { AccountDirectory } from './account-directory.ts'
import { accountParts } from './account-parts.ts'
import { whyNobodyMayWrite } from '../../access/why-nobody-may-write.ts'
import { AccountReport } from '../status/account-report.ts'
import { nothingToImport, unusable } from '../status/obstacle.ts'
import { OfferWaiters } from './offer-waiters.ts'
import type { OpenAccount } from './open-account.ts'
import { linkRefusal } from './link-refusal.ts'
import { TransportSwitch } from './transport-switch.ts'
import { rememberLink } from './remember-link.ts'
import { retireAccount } from './retire-account.ts'
import { receiverOf } from './receiver-of.ts'

/** One account: its link, its pause switch, and what people ask of it. */
export class Account {
  readonly id: string
  readonly directory: string
  readonly directoryAsWritten: string
  readonly #deps: AccountDependencies
  readonly #waiters = new OfferWaiters()
  readonly #directory: AccountDirectory
  readonly #report: AccountReport
  #stopping = false
  #disconnecting = false
  #retired = false
  #enabled = false
  readonly transportSwitch: TransportSwitch
  /** Whose link was started: before, it knows nothing of what is stored, and that must not be stored over it. */
  #started: OpenAccount | null = null

  constructor(deps: AccountDependencies) {
    this.#deps = deps
    this.id = deps.id
    this.directory = deps.directory
    this.directoryAsWritten = deps.directoryAsWritten
    const { directory, directoryAsWritten, host, lease, logger, now } = deps
    this.#directory = new AccountDirectory({
      directory,
      directoryAsWritten,
      lease,
      logger,
      now,
      importer: deps.importer,
      importsByItself: () => deps.config().importExisting,
      input: (storageFailed) => ({
        host,
        eventLog: deps.eventLog,
        ...accountParts(
          { ...deps, publish: this.#publishFromConversations },
          {
            changed: () => this.#changed(),
            offered: () => this.#offered(),
            passkeyMoved: () => this.#report.publishPasskey(),
            storageFailed,
          },
          (files) => this.transportSwitch.choose(files),
        ),
      }),
      events: {
        opened: (parts) => {
          parts.conversations.start()
          if (this.#enabled && !this.#retired) this.#startLink(parts)
        },
        closing: () => this.#waiters.reject(new DaemonError(this.#stopping ? 'stopping' : 'storage_error')),
        changed: () => this.#changed(),
        looked: () => this.#changed('ifWritten'),
      },
    })
    this.transportSwitch = new TransportSwitch({
      ...deps,
      directory: this.#directory,
      usable: () => this.#usableParts(),
      isStopping: () => this.#stopping,
    })
    this.#report = new AccountReport({
      ...deps,
      directory: this.#directory,
      stopping: () => this.#stopping,
      linkRefusal: () => this.#linkRefusal(),
    })
  }

  /** Opens its directory, as `AccountDirectory.start`. */
  start(opening: 'now' | 'soon'): void {
    this.#enabled = this.#deps.config().enabled
    this.#directory.start(opening)
  }

  /** Its directory is open, or cannot be opened for now. Resolves within seconds. */
  settled(): Promise<void> {
    return this.#directory.settled()
  }

  /** `null` while its directory is not open: then nothing is known of a link. */
  get linked(): boolean | null {
    return this.openLink?.facts.linked ?? null
  }

  /** Cancels turns, closes the socket and the file; the link is kept. With `quiet` nothing is published of it. Idempotent. */
  async stop({ quiet = false }: { quiet?: boolean } = {}): Promise<void> {
    this.#stopping = true
    if (quiet) this.#report.silence()
    this.#changed()
    await this.#directory.stop()
  }

  view(): AccountView {
    return this.#report.view()
  }

  /** The live QR or code. Secret. */
  offer(): LinkOffer | null {
    return this.#report.offer()
  }

  /** The live passkey ceremony. Secret. */
  passkey(): AccountPasskey | null {
    return this.#report.passkey()
  }

  allowAgain(phoneNumbers: readonly string[]): void {
    try {
      this.#directory.parts?.link.allowAgain(phoneNumbers)
    } catch (error) {
      this.#directory.failed(error)
    }
  }

  /** As `AccountsPort`. */
  allows(phoneNumber: string): boolean {
    const { parts } = this.#directory
    return parts !== null && !this.isAnotherPerson(phoneNumber) && parts.conversations.allows(phoneNumber)
  }

  /** Resolves with `false` where nobody can be asked. Never rejects. */
  askOwner(question: OwnerQuestion): Promise<boolean> {
    return this.#directory.parts?.conversations.askOwner(question) ?? Promise.resolve(false)
  }

  /** As `AccountsPort`. */
  isAnotherPerson(phoneNumber: string): boolean {
    return this.#directory.parts?.link.changedNumbers.includes(phoneNumber) ?? false
  }

  get webhook(): ReturnType<typeof receiverOf> {
    return receiverOf(this.id, this.#stopping ? null : this.#directory.parts, this.#deps.transports)
  }

  /** E.164; `null` while it receives for none. */
  get usedNumber(): string | null {
    return this.openLink?.facts.linked === true ? this.openLink.transport.ownNumber : null
  }

  /** `null` while its directory is closed. */
  get openLink(): Link | null {
    return this.#directory.parts?.link ?? null
  }

  /** Throws `DaemonError` while the directory cannot be used. */
  get conversations(): Conversations {
    return this.#usableParts().conversations
  }

  /** Starts linking, or answers with the live offer. Throws `DaemonError`. */
  async link(request: LinkRequest): Promise<LinkOffer> {
    const { link } = this.#usableParts()
    const refusal = this.#linkRefusal()
    if (refusal !== null) throw refusal
    const phoneNumber = request.phoneNumber ?? null
    const { request: underWay, phase, passkey } = link.facts
    const same =
      underWay?.method === request.method &&
      underWay.phoneNumber === phoneNumber &&
      phase === 'linking' &&
      passkey === null
    const live = this.offer()
    if (same && live !== null) return live
    const offered = this.#waiters.wait()
    if (!same) link.link({ method: request.method, phoneNumber })
    return offered
  }

  /** Throws `DaemonError` while the directory cannot be used. */
  get usableLink(): Link {
    return this.#usableParts().link
  }

  reconnect(): void {
    const { link } = this.#usableParts()
    if (!this.#deps.config().enabled) throw new DaemonError('account_disabled')
    link.reconnect()
  }

  /** Fetches the link back from another process. Nothing to do where it is open here. */
  takeOver(): void {
    const { link } = this.#usableParts()
    if (!link.facts.linked) throw new DaemonError('not_connected', { action: 'Link the account.' })
    if (link.facts.phase !== 'open') this.reconnect()
  }

  /** Takes over the link that another program left in the account's directory. Throws `DaemonError`. */
  async importLink(): Promise<void> {
    this.#refuseWhileEnding()
    if (this.#directory.parts !== null) throw nothingToImport(this.linked)
    try {
      await this.#directory.importLink()
    } catch (error) {
      if (error instanceof DaemonError) throw error
      throw unusable(this.#report.status(), this.#directory.obstacle)
    }
  }

  /**
   * Nothing links it any more, so that it can be removed. Answers with what takes that back. Throws `DaemonError`; where the
   * disk fails, a link that cannot be seen may be lost, so that needs `mayLoseLink`.
   */
  async retire(mayLoseLink: boolean): Promise<() => void> {
    await retireAccount({
      id: this.id,
      directory: this.#directory,
      status: () => this.#report.status(),
      refuseWhileEnding: () => this.#refuseWhileEnding(),
      usable: () => this.#usableParts(),
      retired: () => (this.#retired = true),
      mayLoseLink,
    })
    return () => (this.#retired = false)
  }

  /** Something that the status depends on, outside of this account, may have changed. */
  refresh(): void {
    this.#changed()
  }

  /** An agent of the account came back, went away, failed, or answers again. */
  agentsChanged(): void {
    this.#directory.parts?.conversations.agentsChanged()
    this.#changed()
  }

  async disconnect(): Promise<DisconnectResult> {
    if (!this.#stopping && this.#directory.obstacle?.code === 'storage_unreadable') {
      // Nobody can read what is stored: it is set aside, and the next link begins anew.
      await this.#directory.beginAnew()
      return { account: this.view(), unlinkedOnPhone: false }
    }
    const parts = this.#usableParts()
    const { link, conversations } = parts
    this.#disconnecting = true
    this.#started = parts
    const leftOver = link.business?.references.slice() ?? []
    try {
      const unlinkedOnPhone = await link.disconnect()
      conversations.accountChanged()
      await this.transportSwitch.follow()
      return { account: this.view(), unlinkedOnPhone, ...(leftOver.length > 0 && { leftOver }) }
    } finally {
      this.#disconnecting = false
    }
  }

  /** Throws `DaemonError` where the files are closed or cannot be read. */
  activity(since: Date): MethodResult<'accounts.activity'> {
    const { conversations } = this.#usableParts()
    try {
      return accountActivity(conversations, since)
    } catch (error) {
      this.#directory.failed(error)
      throw new DaemonError('storage_error', { cause: error })
    }
  }

  /** The config in force changed: access, the pause switch, agents. */
  configChanged(): void {
    const config = this.#deps.config()
    const parts = this.#directory.parts
    if (parts !== null) {
      parts.conversations.policyChanged()
      parts.link.allowedChanged()
      parts.link.business?.configChanged()
      if (config.enabled !== this.#enabled) {
        if (config.enabled) this.#startLink(parts)
        else void parts.link.stop()
      } else if (whyNobodyMayWrite(config) !== null && !parts.link.facts.linked) {
        parts.link.cancelLink()
      }
    }
    this.#enabled = config.enabled
    this.#changed()
    void this.transportSwitch.follow()
  }

  /** Everything that the account has published so far is on disk when this returns. Throws `DaemonError` (`storage_error`). */
  commit(): void {
    try {
      this.#directory.parts?.commit()
    } catch (error) {
      this.#directory.failed(error)
      throw new DaemonError('storage_error', { cause: error })
    }
  }

  /** For the process-wide handler of unhandled rejections. */
  replaceConnection(): void {
    this.#directory.parts?.link.replaceConnection()
  }

  #startLink(parts: OpenAccount): void {
    const { link, facts, ownership } = parts
    const { failures, reason } = facts.link
    this.#started = parts
    link.start({ failures, reason, isCopy: ownership.isCopy })
  }

  /** Why `link` would be refused now; `null` where it would not. */
  #linkRefusal(): DaemonError | null {
    const { config, accountLimit } = this.#deps
    const { parts, obstacle } = this.#directory
    if (parts === null) return this.#endingRefusal() ?? unusable(this.#report.status(), obstacle)
    const { facts, transport } = parts.link
    return (
      this.#endingRefusal() ?? linkRefusal(config(), facts.linked, accountLimit(), transport.capabilities)
    )
  }

  #usableParts(): OpenAccount {
    this.#refuseWhileEnding()
    const { parts, obstacle } = this.#directory
    if (parts !== null) return parts
    throw unusable(this.#report.status(), obstacle)
  }

  #refuseWhileEnding(): void {
    const refusal = this.#endingRefusal()
    if (refusal !== null) throw refusal
  }

  #endingRefusal(): DaemonError | null {
    if (this.#stopping) return new DaemonError('stopping')
    if (!this.#disconnecting && !this.#retired) return null
    return new DaemonError('link_failed', { message: 'The account is being disconnected.' })
  }

  /** What conversations publish may change how many messages have failed. */
  readonly #publishFromConversations: EventPublisher['publish'] = (name, payload) => {
    this.#deps.publish(name, payload)
    const isFewer = name === 'message.discarded' || name === 'message.queued'
    if (name === 'message.failed' || (isFewer && this.#report.failedMessages > 0)) this.#publishStatus()
  }

  #offered(): void {
    const offer = this.offer()
    if (offer === null) return
    this.#waiters.resolve(offer)
    this.#report.publishOffer(offer)
  }

  #changed(attention?: 'ifWritten'): void {
    this.#storeLinkFacts()
    this.#publishStatus(attention)
  }

  #publishStatus(attention?: 'ifWritten'): void {
    const { link } = this.#directory.parts ?? {}
    if (link !== undefined && link.facts.request === null && !link.facts.linked) {
      const { reason } = this.#report.status()
      this.#waiters.reject(new DaemonError('link_failed', reason === null ? {} : { message: reason.message }))
    }
    this.#report.publish(attention)
  }

  /** Keeps what must outlive a restart. */
  #storeLinkFacts(): void {
    const { parts } = this.#directory
    if (parts === null || parts !== this.#started) return
    try {
      rememberLink(parts, this.#deps.now())
    } catch (error) {
      this.#directory.failed(error)
    }
  }
}
