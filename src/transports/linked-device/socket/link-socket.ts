import makeWASocket, {
  type BinaryNode,
  getBinaryNodeChild,
  jidDecode,
  getBinaryNodeChildren,
  type WAMessage,
  type WAMessageUpdate,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { LinkDependencies } from '../../link.ts'
import { EndedByUs } from '../life/close-reasons.ts'
import { isFromOwnPhone } from '../outbound/own-phone.ts'
import { DeviceRegistration, type RegistrationEvents } from '../linking/device-registration.ts'
import { isOwnersWordTo, mayKeepWords } from '../inbound/owner-stanza.ts'
import { renameWithheldContent } from '../inbound/withheld-content.ts'
import type { ReachoutState } from '../outbound/reachout-lock.ts'
import { readByOwnDevice, readMessages } from '../outbound/read-receipts.ts'
import type { DirectRoutes } from '../outbound/direct-routes.ts'
import { Resends, type ResendsDependencies } from '../outbound/resends.ts'
import { refuseStanzaTakenBack } from '../outbound/sending.ts'
import { awaitKeys } from './await-keys.ts'
import { guardListeners } from './guarded-listeners.ts'
import { RawSocket } from './raw-socket.ts'
import { FrameLane } from './frame-lane.ts'
import { removeForeignRetry } from '../signal/foreign-retries.ts'
import { forgetDevices } from '../devices/forget-devices.ts'
import { sharedAbort } from '../../../timing/shared-abort.ts'
import { keyPairStock } from '../signal/key-pair-stock.ts'
import { HeldEvents } from './held-events.ts'
import type { HistoryParts } from '../history/history-parts.ts'
import { replaceLidMemory } from '../identity/lid-memory.ts'
import { removeRefusedAnswers } from '../inbound/refused-answers.ts'
import { ServerStanzas } from './server-stanzas.ts'
import { isIgnoredChat, type SocketOptionsInput, socketOptions } from './socket-options.ts'
import { StanzaLane } from './stanza-lane.ts'
import { removeUnprovenClaims, removeUnprovenLid } from '../identity/unproven-claims.ts'
import { withDeadline } from '../../../timing/deadline.ts'

/** How long the previous socket may take to say goodbye before the next one opens. */
const CLOSE_DEADLINE_MS = 2_000

export interface LinkSocketEvents extends RegistrationEvents {
  paired(): void
  opened(): void
  closed(error: unknown): void
  /** Called synchronously, in the order of the wire; what it stores is stored before Baileys goes on. */
  message(message: WAMessage, arrival: 'live' | 'offline'): void
  messageUpdates(updates: WAMessageUpdate[]): void
  /** Another device of the account has read these messages. */
  readByOwner(chat: string, messageIds: readonly string[]): void
  /** WhatsApp says whether the account may write to new people; `null` where it may. */
  reachoutLock(state: ReachoutState | null): void
  /** WhatsApp told its time with the login; milliseconds since 1970, or `NaN`. Before the first message. */
  serverTime(at: number): void
  /** The acknowledgement of a message to this address says that its LID is out of date. */
  lidStale(address: string): void
  /** A message of WhatsApp's own service (`mex`). */
  serviceNotice(stanza: BinaryNode): void
  /** The phone itself sent something: it is online. */
  phoneSeen(): void
  frame(): void
  /** Right before a frame leaves: what it depends on must be on disk. Throws when it is not. */
  beforeFrame(): void
}

export interface LinkSocketInput extends SocketOptionsInput {
  routes: ResendsDependencies['routes'] & Pick<DirectRoutes, 'migrated'>
  events: LinkSocketEvents
  history: Pick<HistoryParts, 'isWanted' | 'linked'>
  traces?: LinkDependencies['traces']
  now: () => number
}

/**
 * One Baileys socket, used once: made, listened to, ended. Everything that Baileys leaves open is closed here
 * (refused upgrades, frames it cannot read, buffers it forgets, a close that takes half a minute).
 */
export class LinkSocket {
  readonly baileys: WASocket
  readonly registration: DeviceRegistration
  readonly #input: LinkSocketInput
  readonly #heldEvents: HeldEvents
  readonly #closed: Promise<void>
  readonly #ended = sharedAbort()
  readonly #lane: StanzaLane
  readonly #stanzas: ServerStanzas
  readonly #raw: RawSocket
  readonly #frames: FrameLane
  #resolveClosed: () => void = () => {}
  #isClosedReported = false

  constructor(input: LinkSocketInput) {
    this.#input = input
    this.#lane = new StanzaLane(
      this.#ended.signal,
      {
        begun: ({ attrs }) => input.traces?.decrypting(attrs.id ?? ''),
        finished: (stanza) => this.#finished(stanza),
        waited: (stanza) => this.#waited(stanza),
      },
      input.now,
    )
    this.#frames = new FrameLane((error) =>
      input.logger.warn({ err: error }, 'a stanza could not be read, and was left out'),
    )
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    const resends = new Resends({
      me: () => input.store.me,
      routes: input.routes,
      relay: (...message) => this.baileys.relayMessage(...message),
    })
    this.baileys = makeWASocket(socketOptions(input, resends))
    this.#raw = new RawSocket(this.baileys.ws)
    this.#heldEvents = new HeldEvents(this.baileys.ev)
    this.#stanzas = new ServerStanzas({
      baileys: this.baileys,
      store: input.store,
      journal: input.journal,
      logger: input.logger,
      isIgnored: (chat) => isIgnoredChat(chat, input),
      ended: this.#ended.signal,
    })
    replaceLidMemory(this.baileys.signalRepository.lidMapping, input.store.lids)
    this.#keepNothingToResend()
    guardListeners({
      ws: this.baileys.ws,
      lane: this.#lane,
      frames: this.#frames,
      stanzas: this.#stanzas,
      resends,
      isLogin: input.store.linked,
      end: (why) => void this.end(why),
      logger: input.logger,
    })
    awaitKeys(this.baileys.ws, (count) => keyPairStock.fill(count))
    this.#listenToEvents()
    this.registration = new DeviceRegistration({ ...input, baileys: this.baileys })
    this.registration.listen()
    this.#listenToSocket()
    this.#stanzas.listen()
    this.#journalStanzas()
    this.#raw.commitBeforeFrames(() => {
      this.registration.beforeFrame()
      input.events.beforeFrame()
    })
    this.#raw.lookBeforeStanzas(refuseStanzaTakenBack)
    this.#raw.limitClose()
  }

  /** Aborted when nothing goes out or comes in any more: Baileys never settles what awaits an answer then. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** As `StanzaLane.turnSince`, of message stanzas. */
  get turnSince(): number | null {
    return this.#lane.turnSince
  }

  /**
   * Whether words of the owner to this person have come from another device, and are not stored yet. Baileys says that they were received
   * before it hands them over. `number`: theirs, E.164.
   */
  isOwnerWritingTo(address: string, number: string | null): boolean {
    const { me, lids } = this.#input.store
    if (me === undefined) return false
    const digits = number?.slice(1) ?? ''
    const names = new Set([jidDecode(address)?.user ?? '', digits, lids.lidOf(digits) ?? ''])
    return this.#lane.hasOpen((stanza) => isOwnersWordTo(stanza, me, names))
  }

  /** Ends the socket for `why`; resolves when it is gone, within two seconds. `closed` is reported once, in any case. */
  async end(why: Error | undefined): Promise<void> {
    this.#heldEvents.release()
    this.#ended.abort(why ?? new Error('the connection was closed'))
    void this.baileys.end(why)
    // `end` waits for the peer to close, which a dead one never does.
    this.#raw.terminate()
    await withDeadline(this.#closed, CLOSE_DEADLINE_MS, () => undefined)
    // Baileys reports its end last of all: whatever holds it up must not hold up the next attempt.
    this.#reportClosed(why)
  }

  #reportClosed(error: unknown): void {
    if (this.#isClosedReported) return
    this.#isClosedReported = true
    this.#dispose()
    this.#ended.abort(new Error('the connection was lost'))
    this.#resolveClosed()
    this.#input.events.closed(error)
    this.#releaseWaiters()
  }

  #listenToEvents(): void {
    const { events, store } = this.#input
    const { ev } = this.baileys
    ev.on('creds.update', () => {
      try {
        store.saveCredentials()
      } catch {
        // The store has reported it, and its owner ends this socket.
      }
    })
    ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) {
        const isLive = type === 'notify' && !this.#lane.isFromBacklog(message.key.id)
        events.message(message, isLive ? 'live' : 'offline')
      }
    })
    ev.on('messages.update', (updates) => events.messageUpdates(updates))
    ev.on('connection.update', (update) => {
      if (update.isNewLogin === true) {
        this.registration.stop()
        this.#input.history.linked()
        events.paired()
      }
      if (update.reachoutTimeLock !== undefined) {
        const { isActive, timeEnforcementEnds } = update.reachoutTimeLock
        // Baileys reads the zero that stands for "no end is named" as a time.
        const until = Number(timeEnforcementEnds?.getTime())
        events.reachoutLock(isActive ? { until: until > 0 ? until : null } : null)
      }
      if (update.connection === 'open') events.opened()
      if (update.connection === 'close') {
        // What Baileys still holds back has been acknowledged to WhatsApp already: take it before it is dropped.
        this.#heldEvents.release()
        this.#reportClosed(update.lastDisconnect?.error)
      }
    })
  }

  #listenToSocket(): void {
    const { ws } = this.baileys
    const { events } = this.#input
    ws.on('frame', (frame: BinaryNode | Uint8Array) => {
      events.frame()
      this.#frames.stanzaRead()
      // Before the caller that awaits this answer gets it.
      if (!(frame instanceof Uint8Array)) removeRefusedAnswers(frame)
    })
    ws.on('CB:notification,type:mex', (stanza: BinaryNode) => events.serviceNotice(stanza))
    ws.on('CB:success', ({ attrs }: BinaryNode) => events.serverTime(Number(attrs.t) * 1_000))
    ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => {
      if (attrs.refresh_lid === 'true') events.lidStale(attrs.from ?? '')
    })
    // What WhatsApp answers to Baileys' question for the settings of the account, at each login.
    ws.on('CB:iq,,props', (answer: BinaryNode) => {
      if (tellsOfLidMigration(answer)) this.#input.routes.migrated()
    })
    for (const event of ['CB:message', 'CB:receipt']) {
      ws.on(event, (stanza: BinaryNode) => {
        if (isFromOwnPhone(stanza, this.#input.store.me)) events.phoneSeen()
      })
    }
    ws.on('CB:receipt', (stanza: BinaryNode) => {
      const read = readMessages(stanza)
      if (read.length > 0) events.messageUpdates(read)
      const own = readByOwnDevice(stanza, this.#input.store.me)
      if (own !== null) events.readByOwner(own.chat, own.messageIds)
    })
    // Baileys re-emits this event, so that `ws` no longer fails by itself: without us it would hang for ever.
    ws.on('unexpected-response', (_request: unknown, response: { statusCode?: number }) => {
      void this.end(new EndedByUs('upgrade_refused', `HTTP ${response.statusCode ?? 'unknown'}`))
    })
  }

  /** Before Baileys sees a message, and so before anything of it is acknowledged. */
  #journalStanzas(): void {
    const { journal, store, groups } = this.#input
    this.baileys.ws.prependListener('CB:receipt', (stanza: BinaryNode) =>
      removeForeignRetry(stanza, {
        groups,
        me: store.me,
        isSent: (id, chat) => this.#input.sentContent(id, chat) !== null,
      }),
    )
    this.baileys.ws.prependListener('CB:notification,type:devices', (stanza: BinaryNode) =>
      forgetDevices(stanza, { ...this.#input.caches, lids: store.lids }),
    )
    this.baileys.ws.on('CB:notification,type:w:gp2', (stanza: BinaryNode) =>
      groups.changed(stanza.attrs.from ?? '', getBinaryNodeChild(stanza, 'subject')?.attrs.subject),
    )
    this.baileys.ws.prependListener('CB:notification', (stanza: BinaryNode) =>
      removeUnprovenLid(stanza, store.lids),
    )
    this.baileys.ws.prependListener('CB:message', (stanza: BinaryNode) => {
      removeUnprovenClaims(stanza)
      renameWithheldContent(stanza)
      const { me } = store
      if (me === undefined || isIgnoredChat(stanza.attrs.from ?? '', this.#input)) return
      const { keepsOwnerWords, history, traces } = this.#input
      traces?.arrived(stanza.attrs.id ?? '')
      const words = mayKeepWords(
        stanza,
        { me, known: store.lids },
        { keepsOwnerWords, wantsHistory: () => history.isWanted },
      )
      journal.keepStanza(stanza, me, { words })
    })
  }

  /**
   * A phone that asks for a message again is answered from Baileys' memory first, where what came in lies beside what went
   * out: a stranger would be sent their own words. Only `getMessage` knows what went out, and to whom it may go.
   */
  #keepNothingToResend(): void {
    const { messageRetryManager } = this.baileys
    if (messageRetryManager !== null) messageRetryManager.addRecentMessage = () => undefined
  }

  /** Whether something comes of it can be asked from now on. */
  #waited(stanza: BinaryNode): void {
    const { journal, store } = this.#input
    const { me } = store
    if (me !== undefined) journal.keepTime(stanza, me)
  }

  /** A message that Baileys refused is no message that it forgot. */
  #finished(stanza: BinaryNode): void {
    if (this.#lane.isFromBacklog(stanza.attrs.id)) this.#stanzas.finishedOffline()
    const { journal, store } = this.#input
    const { me } = store
    if (me !== undefined) journal.dropUnread(stanza, me)
  }

  /**
   * Baileys takes its close listeners off before it closes, so that whatever waits for an answer keeps the dead socket
   * until its time is up. It listens for errors as well.
   */
  #releaseWaiters(): void {
    this.baileys.ws.emit('error', new Error('the connection closed'))
  }

  #dispose(): void {
    this.#heldEvents.stop()
    this.registration.stop()
  }
}

/** `lid_one_on_one_migration_enabled` among WhatsApp's settings of an account (whatsapp-rust `abprops.rs`). */
const LID_MIGRATION = '9435'

/** Whether these settings say that WhatsApp has moved the account's direct chats to LIDs. That they do not say it means nothing. */
function tellsOfLidMigration(answer: BinaryNode): boolean {
  return getBinaryNodeChildren(getBinaryNodeChild(answer, 'props'), 'prop').some(
    ({ attrs }) => attrs.config_code === LID_MIGRATION && ['1', 'true'].includes(attrs.config_value ?? ''),
  )
}
