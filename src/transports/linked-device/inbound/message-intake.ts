import {
  type BinaryNode,
  type Contact,
  proto,
  toNumber,
  type WAMessage,
  type WAMessageUpdate,
} from '@whiskeysockets/baileys'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import type { IntakeVerdict, Sink } from '../../../messaging/sink.ts'
import type { LinkStores } from '../link-stores.ts'
import type { HistoryParts } from '../history/history-parts.ts'
import { pollOfMessage } from '../polls/poll-of-message.ts'
import { AnnouncedAlbums } from './announced-albums.ts'
import { toIncomingMessage } from './inbound.ts'
import { contextOf } from './message-context.ts'
import { unwrapMessage } from './unwrap-message.ts'
import { rebuildMessage } from './replay-journal.ts'
import type { BaileysLogger } from '../socket/socket-options.ts'

export interface MessageIntakeDependencies {
  stores: Pick<LinkStores, 'credentials' | 'journal' | 'names' | 'timers' | 'routes' | 'polls'>
  sink: Sink
  history: Pick<HistoryParts, 'take'>
  logger: BaileysLogger
  storageFailed(error: unknown): void
  now: () => number
}

/** A message that came live is still live after a restart that takes no longer; a service manager needs seconds for one. */
const STILL_LIVE_MS = 2 * 60_000

/** What Baileys hands over, and what the journal brings back, goes to the sink; its verdict closes the journal's row. */
export class MessageIntake {
  readonly #deps: MessageIntakeDependencies
  readonly #albums = new AnnouncedAlbums()
  #decryptFailures = 0

  constructor(deps: MessageIntakeDependencies) {
    this.#deps = deps
  }

  /** Messages that could not be decrypted since the start. */
  get decryptFailures(): number {
    return this.#decryptFailures
  }

  /** Synchronous: what it takes in is written when it returns. */
  received(message: WAMessage, arrival: 'live' | 'offline'): void {
    const { credentials, names, routes } = this.#deps.stores
    const { me } = credentials
    if (me === undefined) return
    if (tellsOfMigration(message)) routes.migrated()
    if (message.messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) this.#decryptFailures += 1
    names.learn(message)
    this.#settle(message, me, arrival)
  }

  /** What was acknowledged in an earlier life, or came of nothing in this one. Throws `StorageError`. */
  async replay(): Promise<void> {
    const { stores, logger } = this.#deps
    const { credentials, journal } = stores
    const { me } = credentials
    if (me === undefined) return
    for (const { sequence, stanza, keptAt } of await journal.open()) {
      const message = stanza === null ? null : await rebuildMessage(stanza, me, journal, logger)
      const isJudged = message === null || this.#settle(message, me, this.#arrivalOf(stanza, keptAt))
      // What got no verdict, or is under a name that the verdict did not reach, must not come back for ever.
      if (isJudged) journal.drop(sequence)
    }
  }

  statusChanged(updates: WAMessageUpdate[]): void {
    const { DELIVERY_ACK, READ, PLAYED } = proto.WebMessageInfo.Status
    for (const { key, update } of updates) {
      if (key.fromMe !== true || !key.id || !key.remoteJid) continue
      const ids = { remoteId: key.id, localId: key.id }
      if (update.status === DELIVERY_ACK) this.#deps.sink.statusChanged({ ...ids, status: 'delivered' })
      else if (update.status === READ || update.status === PLAYED)
        this.#deps.sink.statusChanged({ ...ids, status: 'read' })
    }
  }

  #arrivalOf(stanza: BinaryNode | null, keptAt: number): 'live' | 'offline' {
    const isRecent = Math.abs(this.#deps.now() - keptAt) < STILL_LIVE_MS
    return isRecent && stanza?.attrs.offline === undefined ? 'live' : 'offline'
  }

  /** False when the verdict could not be stored. */
  #settle(message: WAMessage, me: Contact, arrival: 'live' | 'offline'): boolean {
    const { sink, stores, history, storageFailed } = this.#deps
    const { journal, credentials, polls } = stores
    try {
      const incoming = toIncomingMessage(message, {
        me,
        known: credentials.lids,
        polls,
        albums: this.#albums,
        arrival,
      })
      const verdict = incoming === null ? 'ignored' : sink.received(incoming)
      history.take(message)
      this.#learnTimer(message, incoming, verdict)
      this.#albums.learn(message, me)
      const poll = verdict === 'inboxed' || verdict === 'held' ? pollOfMessage(message, me) : null
      if (poll !== null) polls.keep(poll)
      journal.settle(message.key, me, verdict)
      return true
    } catch (error) {
      storageFailed(error)
      return false
    }
  }

  #learnTimer(message: WAMessage, incoming: IncomingMessage | null, verdict: IntakeVerdict): void {
    const { timers } = this.#deps.stores
    const chat = message.key.remoteJid ?? ''
    const { body } = unwrapMessage(message.message ?? {})
    const setting = body.protocolMessage
    if (setting?.type === proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING) {
      const setAt = toNumber(message.messageTimestamp)
      timers.changed(chat, { seconds: setting.ephemeralExpiration ?? 0, setAt })
    }
    // Reactions and changes do not say it, nor does what is kept from linked devices.
    if (incoming?.content.kind !== 'message') return
    if (verdict === 'inboxed' || verdict === 'held')
      timers.learn(chat, contextOf(body), verdict === 'inboxed')
  }
}

/** The phone lists the LIDs of its chats: WhatsApp has moved the account's direct chats to them (whatsapp-rust). */
function tellsOfMigration({ key, message }: WAMessage): boolean {
  const { LID_MIGRATION_MAPPING_SYNC } = proto.Message.ProtocolMessage.Type
  return key.fromMe === true && message?.protocolMessage?.type === LID_MIGRATION_MAPPING_SYNC
}
