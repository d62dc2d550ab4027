import type { OutboxAdmin } from '../../conversations/outbox/outbox-admin.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { AccountView, LinkOffer, DisconnectResult, LinkRequest } from '../../protocol/account.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { INITIAL_LINK_STATE } from '../../transports/linked-device/life/link-machine.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import { AccountDirectory } from './account-directory.ts'
import { accountParts } from './account-parts.ts'
import { mayAnybodyWrite } from '../../access/may-anybody-write.ts'
import { accountView, linkFacts } from '../status/account-view.ts'
import { deriveStatus, type Status } from '../status/derive-status.ts'
import { confirmLostLink, unusable } from '../status/obstacle.ts'
import { OfferWaiters } from './offer-waiters.ts'
import type { OpenAccount } from './open-account.ts'
import { linkRefusal } from './link-refusal.ts'
import { rememberLink } from './remember-link.ts'

/** One account: its link and its pause switch, what people ask of it, and how it stands. */
export class Account {
  readonly id: string
  readonly #dependencies: AccountDependencies
  readonly #waiters = new OfferWaiters()
  readonly #home: AccountDirectory
  #stopping = false
  #disconnecting = false
  #retired = false
  /** Gone from the config: whatever happens until it is closed is no news. */
  #quiet = false
  #enabled = false
  #since: number
  #lastState: Status['state'] | null = null
  #lastPublished = ''
  #failedMessages = 0
  /** What runs with it knows of the link what is stored; before its start it knows nothing, which must not be stored. */
  #begun: OpenAccount | null = null

  constructor(dependencies: AccountDependencies) {
    this.#dependencies = dependencies
    this.id = dependencies.id
    const { directory, host, lease, logger, now } = dependencies
    this.#home = new AccountDirectory({
      directory,
      lease,
      logger,
      now,
      input: (storageFailed) => ({
        host,
        ...accountParts(
          { ...dependencies, publish: this.#overheard },
          {
            changed: () => this.#changed(),
            offered: () => this.#offered(),
            storageFailed,
          },
        ),
      }),
      events: {
        opened: (parts) => {
          parts.conversations.start()
          if (this.#enabled && !this.#retired) this.#startDevice(parts)
        },
        closing: () => this.#waiters.reject(new DaemonError(this.#stopping ? 'stopping' : 'storage_error')),
        changed: () => this.#changed(),
      },
    })
    this.#since = dependencies.now()
  }

  start(): void {
    this.#enabled = this.#dependencies.config().enabled
    this.#home.start()
  }

  /** The lock server, where there is one, has said who holds the account, or has not answered in time. */
  settled(): Promise<void> {
    return this.#home.settled()
  }

  /** `null` while its directory is not open: then nothing is known of a link. */
  get linked(): boolean | null {
    return this.#home.parts?.device.linked ?? null
  }

  get directory(): string {
    return this.#dependencies.directory
  }

  /** Cancels turns, closes the socket and the file; the link is kept. With `quiet` nothing is published of it. Idempotent. */
  async stop({ quiet = false }: { quiet?: boolean } = {}): Promise<void> {
    this.#stopping = true
    this.#quiet = quiet
    this.#changed()
    await this.#home.stop()
  }

  view(): AccountView {
    const status = this.#status()
    return accountView({
      config: this.#dependencies.config(),
      status,
      since: this.#since,
      device: this.#home.parts?.device ?? null,
      linkedSince: this.#home.parts?.facts.link.linkedSince ?? null,
      failedMessages: this.#home.parts === null ? null : this.#failedMessages,
      linkRefusal: this.#linkRefusal(),
    })
  }

  /** The live QR or code. Secret. */
  offer(): LinkOffer | null {
    const offer = this.#home.parts?.device.offer ?? null
    return offer && { account: this.id, ...offer }
  }

  allows(phoneNumber: string): boolean {
    return this.#home.parts?.conversations.allows(phoneNumber) ?? false
  }

  /** Throws `DaemonError` while the directory cannot be used. */
  get outbox(): OutboxAdmin {
    return this.#usableParts().conversations.outbox
  }

  /** Starts linking, or answers with the live offer. Throws `DaemonError`. */
  async link(request: LinkRequest): Promise<LinkOffer> {
    const { device } = this.#usableParts()
    const refusal = this.#linkRefusal()
    if (refusal !== null) throw refusal
    const phoneNumber = request.phoneNumber ?? null
    const { request: underWay, phase } = device.state
    const same =
      underWay?.method === request.method && underWay.phoneNumber === phoneNumber && phase === 'linking'
    const live = this.offer()
    if (same && live !== null) return live
    const offered = this.#waiters.wait()
    if (!same) device.link({ method: request.method, phoneNumber })
    return offered
  }

  cancelLink(): void {
    this.#usableParts().device.cancelLink()
  }

  reconnect(): void {
    const { device } = this.#usableParts()
    if (!this.#dependencies.config().enabled) throw new DaemonError('account_disabled')
    device.reconnect()
  }

  /** Fetches the link back from another process. Nothing to do where it is open here. */
  takeOver(): void {
    const { device } = this.#usableParts()
    if (!device.linked) throw new DaemonError('not_connected', { action: 'Link the account.' })
    if (device.state.phase !== 'open') this.reconnect()
  }

  /**
   * Nothing links it any more, so that it can be removed. Answers with what takes that back. Throws `DaemonError`; where the
   * disk fails, a link that nobody can see may be lost, so that needs `mayLoseLink`.
   */
  async retire(mayLoseLink: boolean): Promise<() => void> {
    const takeBack = (): void => {
      this.#retired = false
    }
    this.#refuseWhileEnding()
    if (this.#status().state === 'storage_error') {
      await this.#home.tryAgain()
      this.#refuseWhileEnding()
    }
    if (this.#status().state === 'storage_error') {
      if (!mayLoseLink) throw confirmLostLink(this.id, this.#status())
      this.#retired = true
      return takeBack
    }
    const { device } = this.#usableParts()
    if (device.linked) throw new DaemonError('still_linked')
    this.#retired = true
    device.cancelLink()
    return takeBack
  }

  /** Something that the status depends on, outside of this account, may have changed. */
  refresh(): void {
    this.#changed()
  }

  async disconnect(): Promise<DisconnectResult> {
    if (!this.#stopping && this.#home.obstacle?.code === 'storage_unreadable')
      return this.#disconnectUnreadable()
    const parts = this.#usableParts()
    const { device, conversations } = parts
    this.#disconnecting = true
    this.#begun = parts
    try {
      const unlinkedOnPhone = await device.disconnect()
      conversations.accountChanged()
      return { account: this.view(), unlinkedOnPhone }
    } finally {
      this.#disconnecting = false
    }
  }

  /** The config in force changed: access, the pause switch, agents. */
  configChanged(): void {
    const config = this.#dependencies.config()
    const parts = this.#home.parts
    if (parts !== null) {
      parts.conversations.policyChanged()
      parts.device.learnAllowed()
      if (config.enabled !== this.#enabled) {
        if (config.enabled) this.#startDevice(parts)
        else void parts.device.stop()
      } else if (!mayAnybodyWrite(config) && !parts.device.linked) {
        parts.device.cancelLink()
      }
    }
    this.#enabled = config.enabled
    this.#changed()
  }

  /** Everything that the account has told so far is on disk when this returns. Throws `DaemonError` (`storage_error`). */
  commit(): void {
    try {
      this.#home.parts?.commit()
    } catch (error) {
      this.#home.failed(error)
      throw new DaemonError('storage_error', { cause: error })
    }
  }

  /** For the process-wide handler of rejections that nobody caught. */
  replaceSocket(): void {
    this.#home.parts?.device.replaceSocket()
  }

  #startDevice(parts: OpenAccount): void {
    const { device, facts, ownership } = parts
    this.#begun = parts
    device.start(facts.link.failures, facts.link.reason, ownership.isCopy)
  }

  /** Nobody can read what is stored: it is set aside, and the next link begins anew. */
  async #disconnectUnreadable(): Promise<DisconnectResult> {
    try {
      await this.#home.beginAnew()
    } catch (error) {
      throw new DaemonError('storage_error', { cause: error })
    }
    return { account: this.view(), unlinkedOnPhone: false }
  }

  /** Why `link` would be refused now; `null` where it would not. */
  #linkRefusal(): DaemonError | null {
    const { config, accountLimit } = this.#dependencies
    const { parts, obstacle } = this.#home
    if (parts === null) return this.#endingRefusal() ?? unusable(this.#status(), obstacle)
    return this.#endingRefusal() ?? linkRefusal(config(), parts.device.linked, accountLimit())
  }

  #usableParts(): OpenAccount {
    this.#refuseWhileEnding()
    const { parts, obstacle } = this.#home
    if (parts !== null) return parts
    throw unusable(this.#status(), obstacle)
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

  /** What the conversations tell, on its way out. */
  readonly #overheard: EventPublisher['publish'] = (name, payload) => {
    this.#dependencies.publish(name, payload)
    const isFewer = name === 'message.discarded' || name === 'message.queued'
    if (name === 'message.failed' || (isFewer && this.#failedMessages > 0)) this.#tell()
  }

  #offered(): void {
    const offer = this.offer()
    if (offer === null) return
    this.#waiters.resolve(offer)
    if (offer.method === 'qr') this.#dependencies.publish('account.qr', offer)
    else this.#dependencies.publish('account.linkCode', offer)
  }

  #status(): Status {
    const config = this.#dependencies.config()
    return deriveStatus({
      stopping: this.#stopping,
      enabled: config.enabled,
      obstacle: this.#home.obstacle,
      allowsSomebody: mayAnybodyWrite(config),
      mayLink: this.#dependencies.accountLimit() === null,
      link: linkFacts(this.#home.parts?.device.state ?? INITIAL_LINK_STATE),
      reachoutLockedUntil: this.#home.parts?.device.reachoutLockedUntil ?? null,
      phoneAwaySince: this.#home.parts?.phone.awaySince ?? null,
    })
  }

  #changed(): void {
    this.#remember()
    this.#tell()
  }

  /** Says how the account stands, where that is news. */
  #tell(): void {
    this.#countFailed()
    const status = this.#status()
    if (status.state !== this.#lastState) {
      this.#lastState = status.state
      this.#since = this.#dependencies.now()
    }
    const { device } = this.#home.parts ?? {}
    if (device !== undefined && device.state.request === null && !device.linked) {
      this.#waiters.reject(
        new DaemonError('link_failed', status.reason === null ? {} : { message: status.reason.message }),
      )
    }
    const view = this.view()
    const shown = JSON.stringify({ ...view, health: view.health && { canSend: view.health.canSend } })
    if (shown === this.#lastPublished || this.#quiet) return
    this.#lastPublished = shown
    this.#dependencies.publish('account.status', view)
  }

  /** Keeps what must outlive a restart. */
  #remember(): void {
    const { parts } = this.#home
    if (parts !== null && parts === this.#begun)
      this.#heeding(() => rememberLink(parts, this.#dependencies.now()))
  }

  #countFailed(): void {
    const { parts } = this.#home
    if (parts === null) return
    this.#heeding(() => {
      this.#failedMessages = parts.conversations.outbox.failed
    })
  }

  #heeding(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#home.failed(error)
    }
  }
}
