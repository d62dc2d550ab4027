import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import type { ClientVersion, ClientVersions } from '../socket/client-versions.ts'
import { EndedByUs, readClose } from './close-reasons.ts'
import type { CredentialStore } from '../signal/credential-store.ts'
import { INITIAL_LINK_STATE, type LinkEffect, type LinkInput, type LinkState, step } from './link-machine.ts'
import { LinkSocket, type LinkSocketEvents, type LinkSocketInput } from '../socket/link-socket.ts'
import { probe } from './probe.ts'
import type { ReconnectSettings } from './reconnect-policy.ts'
import { PhaseTimers, type PhaseTimings } from './phase-timers.ts'

/** After so many openings in a row that came to nothing, the routing information is what may be wrong. */
const OPENINGS_WITH_ROUTING = 2
const PROBE_TIMEOUT_MS = 10_000

export interface SupervisorTimings extends PhaseTimings {
  reconnect?: ReconnectSettings
  /** How long a link that starts now waits at most before it connects. */
  startJitterMs?: () => number
  /** Milliseconds that each of the supervisor's awaits takes besides: tests search for races with it. */
  pauseMs?: () => number
}

/** What the supervisor reports to its owner; every call is synchronous and must not throw. */
interface SupervisorEvents {
  /** The state changed. */
  changed(state: LinkState): void
  qr: LinkSocketEvents['qr']
  qrsExpired: LinkSocketEvents['qrsExpired']
  codeEntered: LinkSocketEvents['codeEntered']
  /** The state says how far the ceremony is. */
  passkeyMoved(): void
  message: LinkSocketEvents['message']
  messageUpdates: LinkSocketEvents['messageUpdates']
  readByOwner: LinkSocketEvents['readByOwner']
  reachoutLock: LinkSocketEvents['reachoutLock']
  serverTime: LinkSocketEvents['serverTime']
  serviceNotice: LinkSocketEvents['serviceNotice']
  phoneSeen: LinkSocketEvents['phoneSeen']
  lidStale: LinkSocketEvents['lidStale']
  beforeFrame: LinkSocketEvents['beforeFrame']
  /** Credentials could not be stored: the socket has been closed. */
  storageFailed(error: unknown): void
}

export interface SupervisorDependencies {
  store: CredentialStore
  /** Everything a socket needs besides its events. */
  socket: Omit<LinkSocketInput, 'events' | 'now' | 'store' | 'version'>
  events: SupervisorEvents
  timings: SupervisorTimings
  /** Which client version to claim, where the config names none. */
  versions: ClientVersions | null
  /** How often the link is fetched back from another process, when this is no copy. */
  conflictRetries: number
  logger: Logger
  now: () => number
  random: () => number
  /** Called before each socket: which server to trust. */
  prepare(): void
}

/** With these the server has accepted the client. */
const SIGNS_OF_USE: ReadonlySet<LinkInput['type']> = new Set(['offered', 'paired', 'opened'])

/**
 * Runs the link machine's effects: one socket at a time, ever. Each socket belongs to a generation; whatever an older
 * one still says is ignored, and an effect whose generation has passed is not run.
 */
export class LinkSupervisor {
  readonly #deps: SupervisorDependencies
  readonly #timers: PhaseTimers
  #state: LinkState
  #socket: LinkSocket | null = null
  #generation = 0
  /** Effects run one after the other, in order. */
  #queue: Promise<void> = Promise.resolve()
  /** Of the latest socket. */
  #version: ClientVersion | null = null
  /** Sockets since the last one that was of use. */
  #failedOpenings = 0
  #lastFrameAt: number | null = null
  #lastProbeAt: number | null = null

  constructor(deps: SupervisorDependencies) {
    this.#deps = deps
    this.#state = { ...INITIAL_LINK_STATE, linked: deps.store.linked }
    this.#timers = new PhaseTimers({
      timings: deps.timings,
      now: deps.now,
      dispatch: (input) => this.dispatch(input),
      overdue: () => this.replace('open_timeout'),
    })
  }

  get state(): LinkState {
    return this.#state
  }

  /** As in `SupervisorTimings`, milliseconds. */
  get startJitterMs(): number {
    return this.#deps.timings.startJitterMs?.() ?? 0
  }

  /** The socket of an open link; `null` in every other state. */
  get openSocket(): LinkSocket | null {
    return this.#state.phase === 'open' ? this.#socket : null
  }

  /** The socket on which a QR is on offer. */
  get linkingSocket(): LinkSocket | null {
    return this.#state.phase === 'linking' ? this.#socket : null
  }

  /** Milliseconds since the epoch. */
  get lastFrameAt(): number | null {
    return this.#lastFrameAt
  }

  /** Since when the socket deals with one message, milliseconds since the epoch; `null` while it has none. */
  get turnSince(): number | null {
    return this.#socket?.turnSince ?? null
  }

  get lastProbeAt(): number | null {
    return this.#lastProbeAt
  }

  /** Feeds the machine; its effects run in the background, in order. */
  dispatch(input: LinkInput): void {
    const { now, random, timings, conflictRetries, events, logger } = this.#deps
    const before = this.#state
    const { state, effects } = step(before, input, {
      now: now(),
      random: random(),
      conflictRetries,
      ...(timings.reconnect === undefined ? {} : { reconnect: timings.reconnect }),
    })
    this.#state = state
    if (SIGNS_OF_USE.has(input.type)) this.#failedOpenings = 0
    if (
      effects.some(({ type }) => type === 'openSocket' || type === 'closeSocket' || type === 'quarantine')
    ) {
      this.#generation += 1
    }
    for (const effect of effects) this.#enqueue(effect, this.#generation)
    const reopened = effects.some(({ type }) => type === 'openSocket')
    this.#timers.follow(before, state, { reopened })
    if (state !== before) {
      logger.debug({ input: input.type, phase: state.phase, reason: state.reason }, 'link state')
      events.changed(state)
    }
  }

  /** Whether WhatsApp answers on the open link; true as well when that link is not the one any more. Never rejects. */
  async probe(): Promise<boolean> {
    const socket = this.openSocket
    if (socket === null) return true
    const alive = await probe(socket, PROBE_TIMEOUT_MS)
    if (this.openSocket !== socket) return true
    if (alive) this.#lastProbeAt = this.#deps.now()
    return alive
  }

  /** Replaces a socket that no longer works; nothing when none is open. */
  replace(why: ReasonCode): void {
    const socket = this.#socket
    if (socket !== null) void socket.end(new EndedByUs(why))
  }

  /** The open socket, handed out for one last request: what it reports from now on changes nothing. */
  releaseSocket(): LinkSocket | null {
    const socket = this.openSocket
    if (socket !== null) this.#generation += 1
    return socket
  }

  /** No socket, no timer afterwards. */
  async stop(): Promise<void> {
    this.dispatch({ type: 'stop' })
    this.#timers.clear()
    await this.#queue
  }

  #enqueue(effect: LinkEffect, generation: number): void {
    this.#queue = this.#queue
      .then(() => this.#run(effect, generation))
      .catch((error: unknown) => {
        this.#failed(error)
      })
  }

  async #run(effect: LinkEffect, generation: number): Promise<void> {
    const { store, now } = this.#deps
    await this.#pause()
    switch (effect.type) {
      case 'closeSocket':
        await this.#closeSocket()
        return
      case 'forgetHalfLink':
        await this.#closeSocket()
        store.forgetHalfLink()
        return
      case 'quarantine':
        await this.#closeSocket()
        store.quarantine(effect.reason, now())
        return
      case 'lookUpVersion':
        // Nothing else may wait for it; what comes first makes its answer meaningless.
        void this.#lookUpVersion(generation)
        return
      case 'openSocket':
        await this.#closeSocket()
        await this.#prepareIdentity()
        if (generation === this.#generation) this.#openSocket(generation)
        return
    }
  }

  async #closeSocket(): Promise<void> {
    const socket = this.#socket
    this.#socket = null
    if (socket !== null) await socket.end(undefined)
    await this.#pause()
  }

  async #pause(): Promise<void> {
    const { pauseMs } = this.#deps.timings
    if (pauseMs !== undefined) await setTimeout(pauseMs())
  }

  /** In a turn of the event loop of its own: to make the keys of a new device takes as long as to make its socket. */
  async #prepareIdentity(): Promise<void> {
    void this.#deps.store.credentials
    await nextTurn()
  }

  #openSocket(generation: number): void {
    const { store, socket, versions, now, prepare } = this.#deps
    store.forgetHalfLink()
    // A new identity follows: what was learnt under the old one names devices and sessions that are gone.
    if (!store.linked) for (const cache of Object.values(socket.caches)) cache.flushAll()
    prepare()
    // Those of earlier lives count until this one has been open.
    const failures = Math.max(this.#failedOpenings, this.#state.wasOpen ? 0 : this.#state.failures)
    if (failures >= OPENINGS_WITH_ROUTING) store.forgetRouting()
    this.#failedOpenings += 1
    const version = socket.server.version ?? versions?.current ?? null
    this.#version = version
    this.#socket = new LinkSocket({
      ...socket,
      store,
      ...(version === null ? {} : { version }),
      now,
      events: this.#socketEvents(generation),
    })
  }

  async #lookUpVersion(generation: number): Promise<void> {
    const { versions } = this.#deps
    const refused = this.#version
    const found = versions !== null && refused !== null && (await versions.renew(refused))
    if (generation === this.#generation) this.dispatch({ type: 'versionLookedUp', found })
  }

  #socketEvents(generation: number): LinkSocketEvents {
    const { events, now, logger } = this.#deps
    const current = (): boolean => generation === this.#generation
    return {
      frame: () => {
        this.#lastFrameAt = now()
        if (current()) this.#timers.frame(this.#state)
      },
      beforeFrame: () => events.beforeFrame(),
      qr: (offer) => {
        if (current()) events.qr(offer)
      },
      qrsExpired: () => {
        if (current()) events.qrsExpired()
      },
      codeEntered: () => {
        if (current()) events.codeEntered()
      },
      passkeyMoved: (step) => {
        if (!current()) return
        logger.info({ step }, 'linking with a passkey')
        this.dispatch({ type: 'passkey', step })
        events.passkeyMoved()
      },
      paired: () => {
        if (current()) this.dispatch({ type: 'paired' })
      },
      // Baileys is calling its listeners: nothing may be asked of it from within.
      opened: () => setImmediate(() => void this.#prove(generation)),
      closed: (error) => {
        if (current()) this.dispatch({ type: 'closed', close: readClose(error, now()) })
      },
      linkRefused: (reason, detail) => {
        if (!current()) return
        logger.warn({ reason, detail }, 'the link came to nothing')
        this.dispatch({ type: 'linkRefused', reason })
      },
      // Messages of a socket that is being replaced have been acknowledged to WhatsApp: they count, whatever the generation.
      message: (message, arrival) => events.message(message, arrival),
      messageUpdates: (updates) => events.messageUpdates(updates),
      readByOwner: (chat, messageIds) => events.readByOwner(chat, messageIds),
      serverTime: (at) => {
        if (current()) events.serverTime(at)
      },
      serviceNotice: (stanza) => {
        if (current()) events.serviceNotice(stanza)
      },
      phoneSeen: () => events.phoneSeen(),
      lidStale: (address) => {
        if (current()) events.lidStale(address)
      },
      reachoutLock: (state) => {
        if (current()) events.reachoutLock(state)
      },
    }
  }

  /** `open` is what Baileys says; a link counts as connected when WhatsApp answered a probe. */
  async #prove(generation: number): Promise<void> {
    const socket = this.#socket
    if (socket === null || generation !== this.#generation) return
    const alive = await probe(socket, PROBE_TIMEOUT_MS)
    await this.#pause()
    if (generation !== this.#generation || this.#socket !== socket) return
    if (!alive) {
      this.replace('connection_stale')
      return
    }
    this.#lastProbeAt = this.#deps.now()
    this.dispatch({ type: 'opened' })
  }

  #failed(error: unknown): void {
    this.dispatch({ type: 'stop' })
    this.#deps.events.storageFailed(error)
  }
}
