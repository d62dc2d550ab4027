import type { DisconnectResult, LinkRequest, OutboxPort } from '../control/ports.ts'
import type { AccountView, LinkOffer } from '../protocol/account.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { Lease } from '../storage/lease.ts'
import { requireRoom } from '../storage/require-room.ts'
import { INITIAL_LINK_STATE } from '../whatsapp/link-machine.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import { accountParts } from './account-parts.ts'
import { allowsSomebody } from './allows-somebody.ts'
import { accountView, linkFacts, toLinkOffer } from './account-view.ts'
import { deriveStatus, type Status } from './derive-status.ts'
import { type Obstacle, toObstacle, unusable } from './obstacle.ts'
import { OfferWaiters } from './offer-waiters.ts'
import { openAccount, type OpenAccount } from './open-account.ts'
import { refuseLink } from './refuse-link.ts'
import { rememberLink } from './remember-link.ts'
import { ReopenTimer } from './reopen-timer.ts'
import { setAccountAside } from './set-account-aside.ts'

/** How often it is looked whether the files are still there. */
const VERIFY_EVERY_MS = 5_000

/** One account's life: opens its directory, keeps its link, and says how it stands. */
export class Account {
  readonly id: string
  readonly #dependencies: AccountDependencies
  readonly #waiters = new OfferWaiters()
  readonly #lease: Lease | null
  readonly #reopenTimer: ReopenTimer
  #parts: OpenAccount | null = null
  #obstacle: Obstacle | null = null
  #stopping = false
  #disconnecting = false
  #retired = false
  /** Gone from the config: whatever happens until it is closed is no news. */
  #quiet = false
  #enabled = false
  #verifyTimer: NodeJS.Timeout | undefined
  /** Counts openings: what an earlier one still reports is no news of the one in use. */
  #opening = 0
  /** The account's file was in use: when it is gone, it was taken away. */
  #hadFile = false
  /** Opening and closing follow each other. */
  #lifecycle: Promise<void> = Promise.resolve()
  #since: number
  #lastState: Status['state'] | null = null
  #lastPublished = ''

  constructor(dependencies: AccountDependencies) {
    this.#dependencies = dependencies
    this.id = dependencies.id
    this.#lease =
      dependencies.lease?.({
        acquired: () => this.#reopen(),
        refused: (obstacle) => this.#blocked(obstacle),
      }) ?? null
    this.#reopenTimer = new ReopenTimer(() => this.#reopen(), dependencies.now)
    this.#since = dependencies.now()
  }

  start(): void {
    this.#enabled = this.#dependencies.config().enabled
    this.#verifyTimer = setInterval(() => this.#verify(), VERIFY_EVERY_MS)
    this.#verifyTimer.unref()
    if (this.#lease === null) return this.#openParts()
    this.#obstacle = this.#lease.obstacle
    this.#changed()
    this.#lease.start()
  }

  /** The lock server, where there is one, has said who holds the account, or has not answered in time. */
  async settled(): Promise<void> {
    await this.#lease?.answered
    await this.#lifecycle
  }

  /** `null` while its directory is not open: then nothing is known of a link. */
  get linked(): boolean | null {
    return this.#parts?.device.linked ?? null
  }

  get directory(): string {
    return this.#dependencies.directory
  }

  /** Cancels turns, closes the socket and the file; the link is kept. With `quiet` nothing is published of it. Idempotent. */
  async stop({ quiet = false }: { quiet?: boolean } = {}): Promise<void> {
    this.#stopping = true
    this.#quiet = quiet
    this.#reopenTimer.cancel()
    clearInterval(this.#verifyTimer)
    this.#changed()
    await this.#closeParts()
    // Not before the socket is closed: whoever gets the lease opens one.
    await this.#lease?.stop()
    this.#reopenTimer.cancel()
  }

  view(): AccountView {
    const status = this.#status()
    return accountView({
      config: this.#dependencies.config(),
      status,
      since: this.#since,
      device: this.#parts?.device ?? null,
      linkedSince: this.#parts?.facts.link.linkedSince ?? null,
    })
  }

  /** The live QR or code. Secret. */
  offer(): LinkOffer | null {
    const draft = this.#parts?.device.offer ?? null
    return draft === null ? null : toLinkOffer(this.id, draft)
  }

  /** Throws `DaemonError` while the directory cannot be used. */
  get outbox(): OutboxPort {
    return this.#usableParts().conversations.outbox
  }

  /** Starts linking, or answers with the live offer. Throws `DaemonError`. */
  async link(request: LinkRequest): Promise<LinkOffer> {
    const { device } = this.#usableParts()
    const { config, mayLink } = this.#dependencies
    refuseLink(config(), device.linked, mayLink())
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

  /** Nothing links it any more, so that it can be removed. Answers with what takes that back. Throws `DaemonError`. */
  retire(): () => void {
    const { device } = this.#usableParts()
    if (device.linked) throw new DaemonError('still_linked')
    this.#retired = true
    device.cancelLink()
    return () => {
      this.#retired = false
    }
  }

  /** Something that the status depends on, outside of this account, may have changed. */
  refresh(): void {
    this.#changed()
  }

  async disconnect(): Promise<DisconnectResult> {
    if (!this.#stopping && this.#obstacle?.code === 'storage_unreadable') return this.#disconnectUnreadable()
    const { device, conversations } = this.#usableParts()
    this.#disconnecting = true
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
    const parts = this.#parts
    if (parts !== null) {
      parts.conversations.policyChanged()
      parts.device.learnAllowed()
      if (config.enabled !== this.#enabled) {
        if (config.enabled) this.#startDevice(parts)
        else void parts.device.stop()
      } else if (!allowsSomebody(config) && !parts.device.linked) {
        parts.device.cancelLink()
      }
    }
    this.#enabled = config.enabled
    this.#changed()
  }

  /** Everything that the account has told so far is on disk when this returns. Throws `DaemonError` (`storage_error`). */
  commit(): void {
    try {
      this.#parts?.commit()
    } catch (error) {
      this.#storageFailed(error)
      throw new DaemonError('storage_error', { cause: error })
    }
  }

  /** For the process-wide handler of rejections that nobody caught. */
  replaceSocket(): void {
    this.#parts?.device.replaceSocket()
  }

  #openParts(): void {
    const { directory, host } = this.#dependencies
    this.#opening += 1
    const opening = this.#opening
    try {
      // SQLite may find room for its first writes where there is none for the next.
      if (this.#obstacle?.code === 'storage_full') requireRoom(directory)
      this.#parts = openAccount({
        directory,
        host,
        mustExist: this.#hadFile,
        fence: this.#lease === null ? undefined : () => this.#lease?.check(),
        ...accountParts(this.#dependencies, {
          changed: () => this.#changed(),
          offered: () => this.#offered(),
          storageFailed: (error) => {
            if (opening === this.#opening) this.#storageFailed(error)
          },
        }),
      })
      this.#obstacle = null
      this.#hadFile = true
      this.#reopenTimer.opened()
      this.#parts.conversations.start()
      if (this.#enabled) this.#startDevice(this.#parts)
      this.#changed()
    } catch (error) {
      this.#blocked(this.#obstacleOf(error))
    }
  }

  /** Opens what is closed, once the last closing is over and the lease is held. */
  #reopen(): void {
    void this.#lifecycle.finally(() => {
      if (!this.#stopping && this.#parts === null && this.#lease?.isHeld !== false) this.#openParts()
    })
  }

  #startDevice({ device, facts, ownership }: OpenAccount): void {
    device.start(facts.link.failures, facts.link.reason, ownership.isCopy)
  }

  #closeParts(): Promise<void> {
    const parts = this.#parts
    this.#parts = null
    if (parts === null) return this.#lifecycle
    this.#waiters.reject(new DaemonError(this.#stopping ? 'stopping' : 'storage_error'))
    const { device, conversations } = parts
    // In an orderly stop the reply under way still goes out; a disk that fails must receive nothing more.
    const order = this.#obstacle === null ? [conversations, device] : [device, conversations]
    this.#lifecycle = (async () => {
      for (const part of order) await part.stop()
      parts.close()
    })()
    return this.#lifecycle
  }

  #storageFailed(error: unknown): void {
    if (this.#parts === null) return
    this.#blocked(this.#obstacleOf(error))
  }

  #obstacleOf(error: unknown): Obstacle {
    // Whatever failed, it failed because of this.
    if (this.#lease?.isHeld === false) return this.#lease.obstacle
    return toObstacle(error, this.#dependencies.directory)
  }

  #verify(): void {
    try {
      this.#parts?.verifyInPlace()
      // A phone that stays away reports nothing by itself.
      this.#changed()
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  /** Nobody can read what is stored: it is set aside, and the next link begins anew. */
  async #disconnectUnreadable(): Promise<DisconnectResult> {
    this.#reopenTimer.cancel()
    await this.#lifecycle
    try {
      setAccountAside(this.#dependencies.directory)
    } catch (error) {
      this.#blocked(this.#obstacleOf(error))
      throw new DaemonError('storage_error', { cause: error })
    }
    this.#openParts()
    return { account: this.view(), unlinkedOnPhone: false }
  }

  /** Nothing works below the link: say so, close what is open, and try again until it does. */
  #blocked(obstacle: Obstacle): void {
    const before = this.#obstacle
    this.#obstacle = obstacle
    if (this.#obstacle.code !== before?.code) {
      const { code, detail } = this.#obstacle
      this.#dependencies.logger.error({ reason: code, detail }, 'the account cannot be used')
    }
    // What cannot be read may be moved away by hand, to begin anew.
    if (this.#obstacle.code === 'storage_unreadable') this.#hadFile = false
    void this.#closeParts()
    this.#changed()
    this.#reopenTimer.failed()
  }

  #usableParts(): OpenAccount {
    if (this.#stopping) throw new DaemonError('stopping')
    if (this.#disconnecting || this.#retired)
      throw new DaemonError('link_failed', { message: 'The account is being disconnected.' })
    if (this.#parts !== null) return this.#parts
    throw unusable(this.#status(), this.#obstacle)
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
      obstacle: this.#obstacle,
      allowsSomebody: allowsSomebody(config),
      mayLink: this.#dependencies.mayLink(),
      link: linkFacts(this.#parts?.device.state ?? INITIAL_LINK_STATE),
      reachoutLockedUntil: this.#parts?.device.reachoutLockedUntil ?? null,
      phoneAwaySince: this.#parts?.phone.awaySince ?? null,
    })
  }

  #changed(): void {
    this.#remember()
    const status = this.#status()
    if (status.state !== this.#lastState) {
      this.#lastState = status.state
      this.#since = this.#dependencies.now()
    }
    const { device } = this.#parts ?? {}
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
    const parts = this.#parts
    if (parts === null) return
    try {
      rememberLink(parts, this.#dependencies.now())
    } catch (error) {
      this.#storageFailed(error)
    }
  }
}
