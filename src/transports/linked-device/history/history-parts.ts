import { setImmediate as nextTurn } from 'node:timers/promises'
import { jidNormalizedUser, proto, toNumber, type WAMessage } from '@whiskeysockets/baileys'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import { withDeadline } from '../../../timing/deadline.ts'
import { toIncomingMessage } from '../inbound/inbound.ts'
import type { CredentialStore } from '../signal/credential-store.ts'
import { HistoryTokens } from '../signal/history-tokens.ts'
import type { BaileysLogger } from '../socket/socket-options.ts'
import { HistorySplitter } from './history-splitter.ts'
import type { HistorySources } from './history-sources.ts'
import type { WaitingParts } from './waiting-parts.ts'
import { MOST_PACKED_BYTES, openPart } from './open-part.ts'

/** Of those that are not stored: a phone sends some dozen parts, and one that waits holds a message in memory. */
const MOST_WAITING = 50
const DEADLINE_MS = 5 * 60_000
/** How long WhatsApp may take to say whose LIDs are those of people who may write. */
const IDENTITIES_MS = 30_000
/** Messages of one transaction: nothing else waits for longer. */
const MESSAGES_A_STEP = 20
/** Fields of a chat beside its messages, together. */
const MAX_CHAT_BYTES = 256 * 1024
/** `Conversation` of WAProto (Baileys rc14). */
const [CHAT_ID, CHAT_MESSAGES] = [1, 2]

export interface HistoryPartsDependencies extends HistorySources {
  store: Pick<CredentialStore, 'keys' | 'lids' | 'me'>
  waiting: WaitingParts
  logger: BaileysLogger
}

/**
 * Reads the history that the own phone shares: the tokens with which people may be written to, and, where the sink wants them, the messages.
 * Who is who it does not say: only WhatsApp does. Beside the lane of messages, one part at a time, piece by piece. A part with wanted messages
 * is stored before WhatsApp is told that it came, and until it is read to its end: after a crash, or where it could not be had in time, it is
 * read once more with the next connection.
 */
export class HistoryParts {
  readonly #deps: HistoryPartsDependencies
  readonly #tokens: HistoryTokens
  /** Parts that this process reads or is going to read; those that are stored by their sequence. */
  readonly #queued = new Set<number | symbol>()
  #tail: Promise<void> = Promise.resolve()
  #isConnected = false

  constructor(deps: HistoryPartsDependencies) {
    this.#deps = deps
    this.#tokens = new HistoryTokens(deps)
  }

  /** The phone has accepted this device: its history follows. Never throws. */
  linked(): void {
    const { waiting, sink, logger } = this.#deps
    attempt(() => waiting.clear(), logger)
    sink.linked()
  }

  /** Whether its messages are wanted, so that nothing of it may be lost. Throws `StorageError`. */
  get isWanted(): boolean {
    return this.#deps.sink.wantsPast
  }

  /** Stored when it returns, where its messages are wanted. Throws `StorageError`. */
  take({ key, message }: Pick<WAMessage, 'key' | 'message'>): void {
    const { store, waiting } = this.#deps
    const part = message?.protocolMessage?.historySyncNotification
    if (!part || key.fromMe !== true || toNumber(part.fileLength) > MOST_PACKED_BYTES) return
    const owner = store.me?.id
    const sequence = this.isWanted && owner !== undefined ? waiting.add(owner, part) : null
    if (sequence === null ? this.#queued.size < MOST_WAITING : this.#isConnected)
      this.#enqueue(part, sequence)
  }

  /** With a connection, what is stored and not read yet is read: only then WhatsApp says who is who. Never throws. */
  connectionChanged(isOpen: boolean): void {
    const { store, waiting, logger } = this.#deps
    const owner = store.me?.id
    this.#isConnected = isOpen
    if (!isOpen || owner === undefined) return
    attempt(() => {
      for (const { sequence, part } of waiting.of(owner))
        if (!this.#queued.has(sequence)) this.#enqueue(part, sequence)
    }, logger)
  }

  #enqueue(part: proto.Message.IHistorySyncNotification, sequence: number | null): void {
    const entry = sequence ?? Symbol('not stored')
    this.#queued.add(entry)
    this.#tail = this.#tail.then(() => this.#read(part, sequence)).finally(() => this.#queued.delete(entry))
  }

  async #read(part: proto.Message.IHistorySyncNotification, sequence: number | null): Promise<void> {
    const { store, logger, fetch, sink, identitiesLearned, waiting } = this.#deps
    const owner = store.me?.id
    try {
      const waitsForConnection = (): boolean => sequence !== null && !this.#isConnected
      if (waitsForConnection()) return
      if (sequence !== null) waiting.begun(sequence)
      const wantsMessages = sink.wantsPast
      // Whoever has a LID that is unknown then may not write.
      if (wantsMessages) await withDeadline(identitiesLearned().catch(ignore), IDENTITIES_MS, () => undefined)
      if (waitsForConnection()) return
      const signal = AbortSignal.timeout(DEADLINE_MS)
      const splitter = new HistorySplitter()
      const chat = new ChatReader(this.#deps, this.#tokens, wantsMessages)
      for await (const bytes of openPart(part, fetch, signal)) {
        // A connection that is lost ends nothing: WhatsApp does not hand this over again. Another account does.
        if (store.me?.id !== owner) return
        for (const piece of splitter.push(bytes)) {
          if (piece === 'end') await chat.end()
          else if (chat.add(piece)) {
            chat.flush()
            await nextTurn()
          }
        }
        await nextTurn()
      }
      if (sequence !== null) waiting.remove(sequence)
    } catch (error) {
      logger.debug({ err: error }, 'a part of the history was not read')
    }
  }
}

/** Reads one chat after the other. */
class ChatReader {
  readonly #deps: HistoryPartsDependencies
  readonly #tokens: HistoryTokens
  readonly #wantsMessages: boolean
  #id = ''
  #rest: Buffer[] = []
  #restBytes = 0
  #messages: IncomingMessage[] = []

  constructor(deps: HistoryPartsDependencies, tokens: HistoryTokens, wantsMessages: boolean) {
    this.#deps = deps
    this.#tokens = tokens
    this.#wantsMessages = wantsMessages
  }

  /** Answers whether there are enough messages for `flush`. */
  add({ number, raw, value }: { number: number; raw: Buffer; value: Buffer }): boolean {
    if (number === CHAT_MESSAGES) {
      const message = this.#wantsMessages ? this.#messageOf(value) : null
      if (message !== null) this.#messages.push(message)
      return this.#messages.length >= MESSAGES_A_STEP
    }
    if (number === CHAT_ID) this.#id = value.toString()
    this.#restBytes += raw.length
    if (this.#restBytes <= MAX_CHAT_BYTES) this.#rest.push(raw)
    return false
  }

  /** Throws `StorageError`. */
  flush(): void {
    const messages = this.#messages
    this.#messages = []
    if (messages.length > 0) this.#deps.sink.past(messages)
  }

  async end(): Promise<void> {
    const rest = Buffer.concat(this.#rest)
    this.#id = ''
    this.#rest = []
    this.#restBytes = 0
    this.flush()
    await this.#tokens.keep([proto.Conversation.decode(rest)])
  }

  /** `null` for what nobody wrote, and for what cannot be read. */
  #messageOf(encoded: Buffer): IncomingMessage | null {
    const { store, polls } = this.#deps
    const { me, lids: known } = store
    if (me === undefined) return null
    try {
      const { message } = proto.HistorySyncMsg.decode(encoded)
      if (!message?.key) return null
      const { key } = message
      const remoteJid = key.remoteJid || this.#id
      const participant = key.participant || message.participant || (key.fromMe === true ? me.id : '')
      const named = {
        ...message,
        key: { ...key, remoteJid, ...(remoteJid.endsWith('@g.us') && { participant }) },
      }
      // Another chat's message has no place in this one.
      if (jidNormalizedUser(remoteJid) !== jidNormalizedUser(this.#id)) return null
      return toIncomingMessage(named, { me, known, polls, arrival: 'offline' })
    } catch {
      return null
    }
  }
}

/** The database itself reports to the account what the disk refuses. */
function attempt(work: () => void, logger: BaileysLogger): void {
  try {
    work()
  } catch (error) {
    logger.debug({ err: error }, 'parts of the history are not read now')
  }
}

function ignore(): void {
  // What is not known then is not taken in.
}
