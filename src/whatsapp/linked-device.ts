import { generateMessageIDV2, jidDecode, jidEncode, jidNormalizedUser } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import type {
  MessagingSink,
  MessagingTransport,
  OutgoingText,
  SenderIdentity,
  SendOutcome,
} from '../accounts/transport.ts'
import { createBaileysLogger } from '../observability/baileys-logger.ts'
import type { ReasonCode } from '../protocol/reasons.ts'
import type { Database } from '../storage/database.ts'
import { CredentialStore } from './credential-store.ts'
import { GroupDirectory } from './group-directory.ts'
import { learnLids } from './learn-lids.ts'
import { LinkWatch, type WatchTimings } from './link-watch.ts'
import { SendWatch } from './send-watch.ts'
import { MessageJournal } from './message-journal.ts'
import { MessageIntake } from './message-intake.ts'
import type { LinkRequest, LinkState } from './link-machine.ts'
import { LinkSupervisor, type SupervisorTimings } from './link-supervisor.ts'
import { type LinkOfferDraft, LinkOffers } from './link-offers.ts'
import { sendText } from './outbound.ts'
import { CONFLICT_RETRIES, CONFLICT_RETRIES_AMONG_NAMED } from './reconnect-policy.ts'
import { identifyAddress } from './sender-identity.ts'
import { installStrictVerification, trustServerRoot } from './server-trust.ts'
import {
  type BaileysLogger,
  createLinkCaches,
  type LinkCaches,
  type ServerSettings,
  type SocketTimings,
} from './socket-options.ts'
import { unlinkOnServer } from './unlink.ts'

interface LinkedDeviceEvents {
  /** State, offer or health changed; everything is read from the device. */
  changed(): void
  /** A QR or code is on offer now. */
  offered(offer: LinkOfferDraft): void
  storageFailed(error: unknown): void
}

export interface LinkedDeviceDependencies {
  /** Hears of signs of the phone's life, and of what it should confirm. */
  phone?: { seen(): void; sent(): void }
  database: Database
  server: () => ServerSettings
  timings: SupervisorTimings & SocketTimings & { watch?: Partial<WatchTimings> }
  /** Copies of this sandbox know that they are copies (`instanceId` is set), and yield by themselves. */
  copiesYield?: boolean
  /** Asked before each frame leaves; throws when another process may own this link by now. */
  fence?: (() => void) | undefined
  events: LinkedDeviceEvents
  sink: MessagingSink
  /** The numbers that may talk, E.164. */
  allowedNumbers(): readonly string[]
  /** Whether anything of this group is read. */
  hearsGroup(group: string): boolean
  /** What we sent, from disk, for a phone that asks for it again. */
  sentText(
    id: string,
    asker: { chat: string; phoneNumber: string | null },
  ): Pick<OutgoingText, 'text' | 'quote'> | null
  logger: Logger
  now: () => number
  random: () => number
}

/** One account as a linked device of a phone, on Baileys: the link's life, and messages both ways. */
export class LinkedDevice implements MessagingTransport {
  readonly #dependencies: LinkedDeviceDependencies
  readonly #store: CredentialStore
  readonly #journal: MessageJournal
  readonly #caches: LinkCaches
  readonly #groups: GroupDirectory
  readonly #watch: LinkWatch
  readonly #sends = new SendWatch()
  readonly #intake: MessageIntake
  readonly #supervisor: LinkSupervisor
  readonly #offers: LinkOffers
  #reachoutLockedUntil: number | null = null
  #canSend = true
  #ready = false
  /** Counts starts and stops: a start that had to wait first is overtaken by a stop. */
  #run = 0

  /** Throws `StorageError` when the stored credentials cannot be read. */
  constructor(dependencies: LinkedDeviceDependencies) {
    installStrictVerification()
    this.#dependencies = dependencies
    const { database, events, logger, now } = dependencies
    this.#store = CredentialStore.load(database, {
      writeFailed: (error) => events.storageFailed(error),
      lidMapped: (lidUser, digits) =>
        dependencies.sink.senderResolved({
          phoneNumber: `+${digits}`,
          address: jidEncode(lidUser, 'lid'),
          conflict: false,
        }),
    })
    this.#journal = new MessageJournal(database, now)
    this.#groups = new GroupDirectory(database, now)
    this.#caches = createLinkCaches(database, now)
    // What Baileys calls errors is daily business (a stream that ends); the state and its reason say it better.
    const baileysLogger = createBaileysLogger(logger, logger.isLevelEnabled('debug') ? 'warn' : 'silent')
    this.#intake = new MessageIntake({
      store: this.#store,
      journal: this.#journal,
      sink: dependencies.sink,
      lookUp: this.#lookUp,
      logger: baileysLogger,
      storageFailed: (error) => events.storageFailed(error),
    })
    this.#offers = new LinkOffers({
      offered: (offer) => {
        this.#supervisor.dispatch({ type: 'offered' })
        events.offered(offer)
      },
      refused: (reason) => this.#supervisor.dispatch({ type: 'linkRefused', reason }),
    })
    this.#supervisor = this.#createSupervisor(baileysLogger)
    this.#watch = new LinkWatch({
      now,
      lastFrameAt: () => (this.#ready ? this.#supervisor.lastFrameAt : null),
      timings: dependencies.timings.watch,
      oldestOpenMessageAt: () => this.#journal.oldestOpenAt,
      unansweredSendSince: () => this.#sends.unansweredSince,
      probe: () => this.#supervisor.probe(),
      silent: () => this.#supervisor.replace('stale'),
      deaf: () => void this.#recoverFromDeafness(),
      stalled: () => this.#recoverFromStall(),
      woke: () => this.#wakeUp(),
    })
  }

  get state(): LinkState {
    return this.#supervisor.state
  }

  get linked(): boolean {
    return this.#supervisor.state.linked
  }

  /** The live offer, while there is one. Secret. */
  get offer(): LinkOfferDraft | null {
    return this.#offers.current
  }

  get ready(): boolean {
    return this.#ready
  }

  get ownNumber(): string | null {
    const user = this.linked ? jidDecode(this.#store.credentials.me?.id)?.user : undefined
    return user === undefined ? null : `+${user}`
  }

  get displayName(): string | null {
    return this.linked ? (this.#store.credentials.me?.name ?? null) : null
  }

  get health(): {
    lastFrameAt: number | null
    lastProbeAt: number | null
    decryptFailures: number
    canSend: boolean
  } {
    const { lastFrameAt, lastProbeAt } = this.#supervisor
    return { lastFrameAt, lastProbeAt, decryptFailures: this.#intake.decryptFailures, canSend: this.#canSend }
  }

  /** Until when WhatsApp forbids writing to new people; `null` when it does not. */
  get reachoutLockedUntil(): number | null {
    return this.#reachoutLockedUntil
  }

  /**
   * Brings the link up when there is one. `reason` is the one that was in force before a restart; `isCopy`: another
   * instance owned this link and may still use it.
   */
  start(failures: number, reason: ReasonCode | null, isCopy = false): void {
    this.#watch.start()
    this.#run += 1
    const run = this.#run
    const begin = (): void => {
      if (run !== this.#run) return
      this.#supervisor.dispatch({ type: 'start', linked: this.#store.linked, failures, reason, isCopy })
    }
    try {
      // A process that never lives long must not let it grow.
      this.#journal.prune()
    } catch (error) {
      this.#dependencies.events.storageFailed(error)
      return
    }
    if (this.#journal.hasOpen)
      void this.#intake.replay().then(begin, (error) => this.#dependencies.events.storageFailed(error))
    else begin()
  }

  link(request: LinkRequest): void {
    this.#supervisor.dispatch({ type: 'link', request })
  }

  cancelLink(): void {
    this.#supervisor.dispatch({ type: 'cancelLink' })
  }

  reconnect(reason: ReasonCode | null = null): void {
    this.#supervisor.dispatch({ type: 'reconnect', reason })
  }

  /**
   * Unlinks on WhatsApp's side when it can be reached, then erases every credential. False when WhatsApp has to be told
   * still, and could not be.
   */
  async disconnect(): Promise<boolean> {
    const isListed = this.#store.linked
    const socket = this.#supervisor.releaseSocket()
    const told = !isListed || (socket !== null && (await unlinkOnServer(socket.baileys)))
    await this.#supervisor.stop()
    this.#store.erase()
    this.#supervisor.dispatch({
      type: 'erased',
      reason: told ? 'disconnected_by_user' : 'disconnected_locally',
    })
    return told
  }

  /** No socket and no timer afterwards; the link is kept. */
  stop(): Promise<void> {
    this.#run += 1
    this.#watch.stop()
    return this.#supervisor.stop()
  }

  /** For the process-wide handler: something of Baileys' failed where nobody could catch it. */
  replaceSocket(): void {
    this.#supervisor.replace('bad frame')
  }

  /** The allowlist changed, or the link is open: whose LIDs must be known has changed with it. */
  learnAllowed(): void {
    void this.#bestEffort((socket) => learnLids(socket, this.#dependencies.allowedNumbers()))
  }

  newMessageId(): string {
    return generateMessageIDV2(this.#store.credentials.me?.id)
  }

  async send(message: OutgoingText, signal: AbortSignal): Promise<SendOutcome> {
    const socket = this.#supervisor.openSocket
    if (socket === null) return { outcome: 'unconfirmed', why: 'not connected', interrupted: true }
    this.#sends.began(message.id, this.#dependencies.now())
    const outcome = await sendText(socket, message, signal, {
      devices: this.#caches.devices,
      groups: this.#groups,
    })
    if (outcome.outcome === 'acknowledged') this.#dependencies.phone?.sent()
    const canSend = outcome.outcome !== 'unconfirmed'
    if (this.#supervisor.openSocket === socket)
      this.#sends.ended(message.id, this.#dependencies.now(), canSend)
    if (canSend !== this.#canSend && this.#supervisor.openSocket === socket) {
      this.#canSend = canSend
      this.#dependencies.events.changed()
    }
    return outcome
  }

  async setTyping(chat: string, typing: boolean): Promise<void> {
    await this.#bestEffort((socket) => socket.sendPresenceUpdate(typing ? 'composing' : 'paused', chat))
  }

  async markRead(chat: string, messageIds: string[], author: string | null): Promise<void> {
    const participant = author === null ? {} : { participant: author }
    await this.#bestEffort((socket) =>
      socket.readMessages(messageIds.map((id) => ({ remoteJid: chat, id, fromMe: false, ...participant }))),
    )
  }

  resolveSender(address: string): Promise<SenderIdentity> {
    const identity = identifyAddress(address, null, this.#lookUp)
    return Promise.resolve(identity ?? { phoneNumber: null, address, conflict: false })
  }

  readonly #lookUp = (lidUser: string): string | null => this.#store.phoneNumberForLid(lidUser)

  #createSupervisor(baileysLogger: BaileysLogger): LinkSupervisor {
    const { events, logger, now, random, timings, server, sentText, hearsGroup, copiesYield } =
      this.#dependencies
    const settings = server()
    return new LinkSupervisor({
      store: this.#store,
      socket: {
        server: settings,
        timings,
        caches: this.#caches,
        journal: this.#journal,
        groups: this.#groups,
        hearsGroup,
        logger: baileysLogger,
        sentText: (id, chat) =>
          sentText(id, {
            chat: jidNormalizedUser(chat),
            phoneNumber: identifyAddress(chat, null, this.#lookUp)?.phoneNumber ?? null,
          }),
      },
      events: {
        changed: (state) => this.#changed(state),
        qr: (offer) => this.#offers.qr(offer, this.#supervisor.state.request, this.#supervisor.linkingSocket),
        message: (message, arrival) => this.#intake.received(message, arrival),
        messageUpdates: (updates) => this.#intake.statusChanged(updates),
        phoneSeen: () => this.#dependencies.phone?.seen(),
        reachoutLock: (until) => {
          this.#reachoutLockedUntil = until
          events.changed()
        },
        beforeFrame: () => this.#commit(),
        storageFailed: (error) => events.storageFailed(error),
      },
      timings,
      conflictRetries: copiesYield === true ? CONFLICT_RETRIES_AMONG_NAMED : CONFLICT_RETRIES,
      logger,
      now,
      random,
      prepare: () => trustServerRoot(settings.noiseRootKey),
    })
  }

  async #bestEffort(work: (socket: LinkSocketHandle) => Promise<unknown>): Promise<void> {
    const socket = this.#supervisor.openSocket
    if (socket === null) return
    try {
      await work(socket.baileys)
    } catch (error) {
      this.#dependencies.logger.debug({ err: error }, 'something that WhatsApp need not answer was not sent')
    }
  }

  #changed(state: LinkState): void {
    if (state.phase !== 'linking') this.#offers.clear()
    const ready = state.phase === 'open'
    if (ready !== this.#ready) {
      this.#ready = ready
      if (ready) {
        this.#canSend = true
        this.#sends.reconnected()
        this.#groups.forgetAll()
      }
      this.#dependencies.sink.readyChanged(ready)
      if (ready) this.learnAllowed()
    }
    this.#dependencies.events.changed()
  }

  /** Messages came in and nothing came out: what can be rebuilt is, and the socket is replaced. */
  async #recoverFromDeafness(): Promise<void> {
    this.#dependencies.logger.warn('messages came in and nothing came of them: the socket is replaced')
    try {
      await this.#intake.replay()
    } catch (error) {
      this.#dependencies.events.storageFailed(error)
      return
    }
    this.#supervisor.replace('stale')
  }

  /** WhatsApp is there and answers nothing that we send: another connection may help; if not, they get rarer. */
  #recoverFromStall(): void {
    if (!this.#sends.takeReplacement(this.#dependencies.now())) return
    this.#dependencies.logger.warn('nothing that goes out is acknowledged: the socket is replaced')
    this.#supervisor.replace('stale')
  }

  /** Only where an attempt is under way or planned anyway: a ban does not end because somebody slept. */
  #wakeUp(): void {
    const { phase, linked } = this.#supervisor.state
    if (linked && (phase === 'open' || phase === 'connecting' || phase === 'waiting'))
      this.reconnect('woke_up')
  }

  /**
   * Throws when the disk refuses, or the link is no longer ours; the frame that waited must not leave, and the socket
   * ends.
   */
  #commit(): void {
    try {
      this.#dependencies.fence?.()
      this.#dependencies.database.commit()
    } catch (error) {
      this.#dependencies.events.storageFailed(error)
      throw error
    }
  }
}

type LinkSocketHandle = NonNullable<LinkSupervisor['openSocket']>['baileys']
