import { jidNormalizedUser } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import { statedNumber } from '../../messaging/identity.ts'
import type { Sink } from '../../messaging/sink.ts'
import { createBaileysLogger } from './socket/baileys-logger.ts'
import type { TransportOffer } from '../../protocol/account.ts'
import type { ReasonCode } from '../../protocol/reasons.ts'
import type { Database } from '../../storage/database/database.ts'
import { boundedName } from '../../text/bounded-text.ts'
import { LidInquiry } from './identity/lid-inquiry.ts'
import type { LinkRequest, LinkState } from './life/link-machine.ts'
import { LinkOffers } from './linking/link-offers.ts'
import type { LinkStores } from './link-stores.ts'
import { LinkRecovery } from './life/link-recovery.ts'
import { LinkSupervisor, type SupervisorTimings } from './life/link-supervisor.ts'
import { LinkTransport } from './link-transport.ts'
import type { WatchTimings } from './life/link-watch.ts'
import { MessageIntake } from './inbound/message-intake.ts'
import { installPlainAcks } from './socket/plain-acks.ts'
import { CONFLICT_RETRIES, CONFLICT_RETRIES_AMONG_NAMED } from './life/reconnect-policy.ts'
import { RegistrationInquiry } from './identity/registration-inquiry.ts'
import { SendWatch } from './life/send-watch.ts'
import { identifyAddress } from './identity/sender-identity.ts'
import { installStrictVerification, trustServerRoot } from './socket/server-trust.ts'
import type { BaileysLogger, ServerSettings, SocketTimings } from './socket/socket-options.ts'
import { unlinkOnServer } from './linking/unlink.ts'

interface LinkedDeviceEvents {
  /** State, offer or health changed; everything is read from the device. */
  changed(): void
  /** A QR or code is on offer now. */
  offered(offer: TransportOffer): void
  storageFailed(error: unknown): void
}

export interface LinkedDeviceDependencies {
  /** Hears of signs of the phone's life, and of what it should confirm. */
  phone?: { seen(): void; sent(): void }
  database: Pick<Database, 'commit'>
  /** In that database. */
  stores: LinkStores
  server: () => ServerSettings
  timings: SupervisorTimings & SocketTimings & { watch?: Partial<WatchTimings> }
  /** Copies of this sandbox know that they are copies (`instanceId` is set), and yield by themselves. */
  copiesYield?: boolean
  /** Asked before each frame leaves; throws when another process may own this link by now. */
  fence?: (() => void) | undefined
  events: LinkedDeviceEvents
  sink: Sink
  /** The numbers that may talk, E.164, as the config has them. */
  allowedNumbers(): readonly string[]
  /** Whether anything of this group is read. */
  readsGroup(group: string): boolean
  logger: Logger
  now: () => number
  random: () => number
}

/** One account as a linked device of a phone, on Baileys: the life of its link. Messages go out by its `transport`. */
export class LinkedDevice {
  readonly transport: LinkTransport
  readonly #dependencies: LinkedDeviceDependencies
  readonly #recovery: LinkRecovery
  readonly #intake: MessageIntake
  readonly #supervisor: LinkSupervisor
  readonly #registration: RegistrationInquiry
  readonly #offers: LinkOffers
  readonly #inquiry: LidInquiry
  #reachoutLockedUntil: number | null = null
  /** Counts starts and stops: a start that had to wait first is overtaken by a stop. */
  #run = 0

  constructor(dependencies: LinkedDeviceDependencies) {
    installStrictVerification()
    installPlainAcks()
    this.#dependencies = dependencies
    const { stores, events, timings, logger, now, sink } = dependencies
    const sends = new SendWatch()
    // What Baileys calls errors is daily business (a stream that ends); the state and its reason say it better.
    const baileysLogger = createBaileysLogger(logger, logger.isLevelEnabled('debug') ? 'warn' : 'silent')
    this.#intake = new MessageIntake({
      store: stores.credentials,
      journal: stores.journal,
      sink,
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
    this.#inquiry = new LidInquiry({
      directory: stores.credentials.lids,
      socket: () => this.#supervisor.openSocket?.baileys ?? null,
      now,
    })
    this.#registration = this.#createRegistrationInquiry()
    this.transport = new LinkTransport({
      stores,
      sends,
      inquiry: this.#inquiry,
      wantLids: () => this.#inquiry.wantAgain(() => this.#allowedDigits()),
      openSocket: () => this.#supervisor.openSocket,
      linked: () => this.linked,
      sent: () => dependencies.phone?.sent(),
      changed: () => events.changed(),
      logger,
      now,
    })
    this.#recovery = new LinkRecovery({
      supervisor: this.#supervisor,
      intake: this.#intake,
      journal: stores.journal,
      sends,
      ready: () => this.transport.ready,
      storageFailed: (error) => events.storageFailed(error),
      timings: timings.watch,
      logger,
      now,
    })
  }

  get state(): LinkState {
    return this.#supervisor.state
  }

  get linked(): boolean {
    return this.#supervisor.state.linked
  }

  /** The live offer, while there is one. Secret. */
  get offer(): TransportOffer | null {
    return this.#offers.current
  }

  get ownNumber(): string | null {
    return this.transport.ownNumber
  }

  get displayName(): string | null {
    const { me } = this.#dependencies.stores.credentials.credentials
    // Earlier versions stored it at any length.
    return this.linked ? boundedName(me?.name ?? '') : null
  }

  get health(): {
    lastFrameAt: number | null
    lastProbeAt: number | null
    decryptFailures: number
    canSend: boolean
  } {
    const { lastFrameAt, lastProbeAt } = this.#supervisor
    const { decryptFailures } = this.#intake
    return { lastFrameAt, lastProbeAt, decryptFailures, canSend: this.transport.canSend }
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
    const { stores, events } = this.#dependencies
    this.#recovery.start()
    this.#run += 1
    const run = this.#run
    const begin = (): void => {
      if (run !== this.#run) return
      this.#supervisor.dispatch({
        type: 'start',
        linked: stores.credentials.linked,
        failures,
        reason,
        isCopy,
      })
    }
    try {
      // A process that never lives long must not let it grow.
      stores.journal.prune()
    } catch (error) {
      events.storageFailed(error)
      return
    }
    // Without a link nothing can be rebuilt, and a start that came later would undo a link that is asked for meanwhile.
    if (stores.credentials.linked && stores.journal.hasOpen)
      void this.#intake.replay().then(begin, (error) => events.storageFailed(error))
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
    const { credentials } = this.#dependencies.stores
    const isListed = credentials.linked
    const socket = this.#supervisor.releaseSocket()
    const told = !isListed || (socket !== null && (await unlinkOnServer(socket.baileys)))
    await this.#supervisor.stop()
    credentials.erase()
    this.#supervisor.dispatch({
      type: 'erased',
      reason: told ? 'disconnected_by_user' : 'disconnected_locally',
    })
    return told
  }

  /** No socket and no timer afterwards; the link is kept. */
  stop(): Promise<void> {
    this.#run += 1
    this.#recovery.stop()
    return this.#supervisor.stop()
  }

  /** For the process-wide handler: something of Baileys' failed where nobody could catch it. */
  replaceSocket(): void {
    this.#supervisor.replace('bad frame')
  }

  /** The allowlist changed, or the link is open: whose LIDs must be known has changed with it. */
  learnAllowed(): void {
    this.#registration.look()
    this.#wantLids()
  }

  #wantLids(): void {
    this.#inquiry.want(this.#allowedDigits())
  }

  /** A number that WhatsApp may know in another form is asked for in the form that it knows: one person, one number. */
  #allowedDigits(): string[] {
    const { allowedNumbers, stores } = this.#dependencies
    const numbers = allowedNumbers().flatMap((number) => {
      if (!number.startsWith('+')) return []
      if (equivalentNumber(number) === null) return [number]
      const registration = stores.registered.of(number)
      return registration.isAsked ? [registration.registered ?? number] : []
    })
    return numbers.map((number) => number.slice(1))
  }

  #createRegistrationInquiry(): RegistrationInquiry {
    const { stores, allowedNumbers, sink, logger, now } = this.#dependencies
    return new RegistrationInquiry({
      registered: stores.registered,
      socket: () => this.#supervisor.openSocket?.baileys ?? null,
      numbers: () => allowedNumbers(),
      learned: () => {
        this.#wantLids()
        sink.numbersLearned()
      },
      failed: (error) => logger.debug({ err: error }, 'WhatsApp did not say in which form it knows numbers'),
      now,
    })
  }

  #createSupervisor(baileysLogger: BaileysLogger): LinkSupervisor {
    const { events, logger, now, random, timings, server, sink, readsGroup, copiesYield } = this.#dependencies
    const { credentials, journal, groups, caches } = this.#dependencies.stores
    const settings = server()
    return new LinkSupervisor({
      store: credentials,
      socket: {
        server: settings,
        timings,
        caches,
        journal,
        groups,
        readsGroup,
        keepsOwnerWords: (to) => sink.keepsOwnerWords(to),
        logger: baileysLogger,
        sentContent: (id, chat) =>
          sink.sentContent(id, {
            chat: jidNormalizedUser(chat),
            phoneNumber: statedNumber(identifyAddress(chat, null, credentials.lids) ?? {}),
          }),
      },
      events: {
        changed: (state) => this.#changed(state),
        qr: (offer, attemptEndsAt) => {
          const { state, linkingSocket } = this.#supervisor
          this.#offers.qr(offer, attemptEndsAt, state.request, linkingSocket)
        },
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
      prepare: () => trustServerRoot(settings.noiseRootKey, now),
    })
  }

  #changed(state: LinkState): void {
    if (state.phase !== 'linking') this.#offers.clear()
    const ready = state.phase === 'open'
    if (ready !== this.transport.ready) {
      this.transport.readyChanged(ready)
      this.#dependencies.sink.readyChanged(ready)
      if (ready) this.learnAllowed()
      else {
        this.#inquiry.stop()
        this.#registration.stop()
      }
    }
    this.#dependencies.events.changed()
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
