import type { Agent } from 'node:http'
import { jidNormalizedUser, type WASocket } from '@whiskeysockets/baileys'
import { statedNumber } from '../../messaging/identity.ts'
import type { ClientVersions } from './socket/client-versions.ts'
import { createBaileysLogger } from './socket/baileys-logger.ts'
import type { RegisteredForms } from '../../access/numbers/with-registered-numbers.ts'
import type { TransportOffer } from '../../protocol/account/account.ts'
import type { PasskeyAnswer, PasskeyCeremony } from '../../protocol/account/passkey.ts'
import { boundedName } from '../../text/bounded-text.ts'
import type {
  Link,
  LinkDependencies,
  LinkFacts,
  LinkHealth,
  LinkRequest,
  OpenLink,
  RememberedLink,
} from '../link.ts'
import { AllowedLids } from './identity/allowed-lids.ts'
import { ChangedPeople } from '../changed-people.ts'
import { LidRefresh } from './identity/lid-refresh.ts'
import type { LinkState } from './life/link-machine.ts'
import type { HistoryParts } from './history/history-parts.ts'
import { historyOf } from './history/history-sources.ts'
import { LinkOffers } from './linking/link-offers.ts'
import { type LinkStores, openLinkStores } from './link-stores.ts'
import { IdentityCheck } from './life/identity-check.ts'
import { LinkRecovery } from './life/link-recovery.ts'
import { LinkSupervisor, type SupervisorTimings } from './life/link-supervisor.ts'
import { LinkTransport } from './link-transport.ts'
import type { WatchTimings } from './life/link-watch.ts'
import { MessageIntake } from './inbound/message-intake.ts'
import { installPlainAcks } from './socket/plain-acks.ts'
import { CONFLICT_RETRIES, CONFLICT_RETRIES_AMONG_NAMED } from './life/reconnect-policy.ts'
import { ReachoutLock, type ReachoutState } from './outbound/reachout-lock.ts'
import { TOKEN_WAIT_MS } from './outbound/send-direct.ts'
import { PhonePresence } from './life/phone-presence.ts'
import { SendWatch } from './life/send-watch.ts'
import { keyPairStock } from './signal/key-pair-stock.ts'
import { identifyAddress } from './identity/sender-identity.ts'
import { LinkMedia } from './media/link-media.ts'
import type { MediaTimings } from './media/media-fetch.ts'
import { installStrictVerification, trustServerRoot } from './socket/server-trust.ts'
import type { BaileysLogger, ServerSettings, SocketTimings } from './socket/socket-options.ts'
import { unlinkOnServer } from './linking/unlink.ts'

export type LinkedDeviceTimings = SupervisorTimings &
  SocketTimings & {
    watch?: Partial<WatchTimings>
    media?: MediaTimings
    /** How long a privacy token may take to come, in milliseconds. */
    tokenWaitMs?: number
  }

export interface LinkedDeviceOptions {
  server: () => ServerSettings
  /** What connects to this URL; `undefined` for a direct connection. */
  agentFor?: (url: string) => Agent | undefined
  /** Without it the client version is the one of this build. */
  versions?: ClientVersions
  timings: () => LinkedDeviceTimings
}

/** Linked devices as a transport that accounts can be opened with. */
export function linkedDevices(options: LinkedDeviceOptions): OpenLink {
  return (deps) => new LinkedDevice(deps, options)
}

/** One account as a linked device of a phone, on Baileys: the life of its link. Messages go out by its `transport`. */
class LinkedDevice implements Link {
  readonly transport: LinkTransport
  readonly webhook = null
  readonly business = null
  readonly #deps: LinkDependencies
  readonly #stores: LinkStores
  readonly #phone: PhonePresence
  readonly #recovery: LinkRecovery
  readonly #intake: MessageIntake
  readonly #history: HistoryParts
  readonly #supervisor: LinkSupervisor
  readonly #offers: LinkOffers
  readonly #lids: AllowedLids
  readonly #changedPeople: ChangedPeople
  readonly #refresh: LidRefresh
  readonly #lock: ReachoutLock
  readonly #identityCheck: IdentityCheck
  readonly #media: LinkMedia
  /** Counts starts and stops: a start that had to wait first is overtaken by a stop. */
  #run = 0

  /** Throws `StorageError` when what is stored of the link cannot be read. */
  constructor(deps: LinkDependencies, options: LinkedDeviceOptions) {
    installStrictVerification()
    installPlainAcks()
    keyPairStock.install()
    this.#deps = deps
    const { events, logger, now, sink, database } = deps
    const storageFailed = (error: unknown): void => events.storageFailed(error)
    const personChanged = (phoneNumber: string): void => this.#changedPeople.found(phoneNumber)
    const stores = openLinkStores({ database, now, sink, storageFailed, personChanged })
    const timings = options.timings()
    const sends = new SendWatch()
    // What Baileys calls errors is daily business (a stream that ends); the state and its reason say it better.
    const baileysLogger = createBaileysLogger(logger, logger.isLevelEnabled('debug') ? 'warn' : 'silent')
    this.#stores = stores
    this.#phone = new PhonePresence({ database, now, storageFailed })
    this.#offers = this.#createOffers()
    const socket = (): WASocket | null => this.#supervisor.openSocket?.baileys ?? null
    this.#media = new LinkMedia({ ...options, stores, socket, logger, now })
    const shared = { stores, sink, logger: baileysLogger }
    this.#history = historyOf({ ...shared, media: this.#media, lids: () => this.#lids })
    this.#intake = new MessageIntake({ ...shared, history: this.#history, storageFailed, now })
    this.#lock = new ReachoutLock({
      stored: stores.caches.reachout,
      socket,
      changed: () => events.changed(),
      now,
    })
    this.#identityCheck = new IdentityCheck(() => events.changed())
    this.#supervisor = this.#createSupervisor(baileysLogger, options, timings)
    this.#lids = new AllowedLids({
      directory: stores.credentials.lids,
      registered: stores.registered,
      socket,
      allowedNumbers: () => deps.allowedNumbers(),
      numbersLearned: () => sink.numbersLearned(),
      logger,
      now,
    })
    this.#changedPeople = this.#createChangedPeople()
    this.#refresh = new LidRefresh({
      lids: stores.credentials.lids,
      ask: (number) => this.#lids.renew(number),
    })
    this.transport = this.#createTransport(sends, timings)
    this.#recovery = new LinkRecovery({
      supervisor: this.#supervisor,
      intake: this.#intake,
      journal: stores.journal,
      sends,
      ready: () => this.transport.ready,
      storageFailed,
      timings: timings.watch,
      logger,
      now,
    })
  }

  get facts(): LinkFacts {
    return this.#supervisor.state
  }

  get offer(): TransportOffer | null {
    return this.#offers.current
  }

  get passkey(): PasskeyCeremony | null {
    return this.#offers.passkey
  }

  get displayName(): string | null {
    const { me } = this.#stores.credentials
    // Earlier versions stored it at any length.
    return this.facts.linked ? boundedName(me?.name ?? '') : null
  }

  get health(): LinkHealth {
    const { lastFrameAt, lastProbeAt } = this.#supervisor
    const { decryptFailures } = this.#intake
    return { lastFrameAt, lastProbeAt, decryptFailures, canSend: this.transport.canSend }
  }

  get reachoutLock(): ReachoutState | null {
    return this.#lock.state
  }

  get identityAsked(): boolean {
    return this.#identityCheck.isAsked
  }

  get phoneAwaySince(): number | null {
    return this.#phone.awaySince
  }

  get registered(): RegisteredForms {
    return this.#stores.registered
  }

  start(remembered: RememberedLink): void {
    const { events } = this.#deps
    const { credentials, journal } = this.#stores
    const { startJitterMs: jitterMs } = this.#supervisor
    this.#recovery.start()
    this.#lock.watch()
    const run = ++this.#run
    const begin = (): void => {
      if (run !== this.#run) return
      this.#supervisor.dispatch({ type: 'start', linked: credentials.linked, ...remembered, jitterMs })
    }
    try {
      // A process that never lives long must not let it grow.
      journal.prune()
    } catch (error) {
      events.storageFailed(error)
      return
    }
    // Without a link nothing can be rebuilt, and a start that came later would undo a link that is asked for meanwhile.
    if (credentials.linked && journal.hasOpen)
      void this.#intake.replay().then(begin, (error) => events.storageFailed(error))
    else begin()
  }

  link(request: LinkRequest): void {
    this.#supervisor.dispatch({ type: 'link', request })
  }

  cancelLink(): void {
    this.#supervisor.dispatch({ type: 'cancelLink' })
  }

  answerPasskey(answer: PasskeyAnswer): void {
    this.#offers.passkeyLink.answer(answer)
  }

  confirmPasskey(ceremonyId: string, matches: boolean): void {
    this.#offers.passkeyLink.confirm(ceremonyId, matches)
  }

  reconnect(): void {
    this.#supervisor.dispatch({ type: 'reconnect', reason: null })
  }

  async disconnect(): Promise<boolean> {
    const { credentials } = this.#stores
    const isListed = credentials.linked
    const socket = this.#supervisor.releaseSocket()
    const isUnlisted = !isListed || (socket !== null && (await unlinkOnServer(socket.baileys)))
    await this.#supervisor.stop()
    credentials.erase()
    this.#supervisor.dispatch({
      type: 'erased',
      reason: isUnlisted ? 'disconnected_by_user' : 'disconnected_locally',
    })
    return isUnlisted
  }

  stop(): Promise<void> {
    this.#run += 1
    this.#identityCheck.clear()
    this.#recovery.stop()
    this.#lock.stop()
    return this.#supervisor.stop()
  }

  replaceConnection(): void {
    this.#supervisor.replace('connection_stale')
  }

  allowedChanged(): void {
    this.#changedPeople.listChanged()
    this.#lids.learn()
  }

  get changedNumbers(): readonly string[] {
    return this.#changedPeople.numbers
  }

  allowAgain(phoneNumbers: readonly string[]): void {
    this.#changedPeople.allow(phoneNumbers)
  }

  #createChangedPeople(): ChangedPeople {
    const { events, logger } = this.#deps
    return new ChangedPeople({
      numbers: this.#stores.credentials.lids,
      listedNumbers: () => this.#deps.listedNumbers(),
      changed: () => events.changed(),
      logger,
    })
  }

  #createTransport(sends: SendWatch, { tokenWaitMs = TOKEN_WAIT_MS }: LinkedDeviceTimings): LinkTransport {
    const { events, sink, logger, now } = this.#deps
    return new LinkTransport({
      stores: this.#stores,
      sends,
      lids: this.#lids,
      refresh: this.#refresh,
      media: this.#media,
      lock: this.#lock,
      tokenWaitMs,
      openSocket: () => this.#supervisor.openSocket,
      linked: () => this.facts.linked,
      sent: () => this.#phone.sent(),
      numbersLearned: () => sink.numbersLearned(),
      changed: () => events.changed(),
      logger,
      now,
    })
  }

  #createOffers(): LinkOffers {
    const { events, now } = this.#deps
    return new LinkOffers({
      attempt: () => ({
        request: this.#supervisor.state.request,
        socket: this.#supervisor.linkingSocket,
      }),
      offered: (offer) => {
        this.#supervisor.dispatch({ type: 'offered' })
        events.offered(offer)
      },
      now,
    })
  }

  #createSupervisor(
    baileysLogger: BaileysLogger,
    options: LinkedDeviceOptions,
    timings: LinkedDeviceTimings,
  ): LinkSupervisor {
    const server = options.server()
    const { events, logger, now, random, sink, readsGroup, copiesYield } = this.#deps
    const { credentials, ...stores } = this.#stores
    return new LinkSupervisor({
      store: credentials,
      socket: {
        server,
        agentFor: options.agentFor ?? (() => undefined),
        timings,
        traces: this.#deps.traces,
        ...stores,
        uploads: this.#media.uploads,
        readsGroup,
        keepsOwnerWords: (to) => sink.keepsOwnerWords(to),
        history: this.#history,
        logger: baileysLogger,
        sentContent: (id, chat) =>
          sink.sentContent(id, {
            chat: jidNormalizedUser(chat),
            phoneNumber: statedNumber(identifyAddress(chat, null, credentials.lids) ?? {}),
          }),
      },
      events: {
        changed: (state) => this.#changed(state),
        qr: (offer) => this.#offers.qr(offer),
        qrsExpired: () => this.#offers.qrsExpired(),
        codeEntered: () => this.#offers.codeEntered(),
        passkeyMoved: () => events.passkeyMoved(),
        message: (message, arrival) => this.#intake.received(message, arrival),
        messageUpdates: (updates) => this.#intake.statusChanged(updates),
        readByOwner: (chat, messageIds) => sink.readByOwner(chat, messageIds),
        serverTime: (at) => this.transport.clockTold(at),
        serviceNotice: (stanza) => this.#identityCheck.received(stanza),
        phoneSeen: () => this.#phone.seen(),
        lidStale: (address) => this.#refresh.marked(address),
        reachoutLock: (state) => this.#lock.take(state),
        beforeFrame: () => this.#commit(),
        storageFailed: (error) => events.storageFailed(error),
      },
      timings,
      versions: options.versions ?? null,
      conflictRetries: copiesYield ? CONFLICT_RETRIES_AMONG_NAMED : CONFLICT_RETRIES,
      logger,
      now,
      random,
      prepare: () => trustServerRoot(server.noiseRootKey, now),
    })
  }

  #changed(state: LinkState): void {
    if (state.phase !== 'linking' || state.passkey !== null) this.#offers.clear()
    if (state.phase === 'confirming') this.#phone.seen()
    if (!state.linked) this.#identityCheck.clear()
    const ready = state.phase === 'open'
    if (ready !== this.transport.ready) {
      this.transport.readyChanged(ready)
      this.#deps.sink.readyChanged(ready)
      if (ready) this.#refresh.reconnected()
      if (ready) this.#lids.learn()
      else this.#lids.stop()
      this.#history.connectionChanged(ready)
    }
    this.#deps.events.changed()
  }

  /**
   * Throws when the disk refuses, or the link is no longer ours; the frame that waited must not leave, and the socket
   * ends.
   */
  #commit(): void {
    try {
      this.#deps.fence?.()
      this.#deps.database.commit()
    } catch (error) {
      this.#deps.events.storageFailed(error)
      throw error
    }
  }
}
