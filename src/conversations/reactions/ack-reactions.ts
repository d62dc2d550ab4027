import type { Logger } from 'pino'
import type { ChatKind } from '../../messaging/chat-reference.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { SendOutcome } from '../../messaging/outcome.ts'
import type { OutgoingMessage } from '../../messaging/outgoing-message.ts'
import type { AccountCounts } from '../../observability/metrics/account-counts.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { AccountConfig } from '../../config/model.ts'
import { ackContent } from './ack-content.ts'
import type { AckRow, AckStore } from './ack-store.ts'
import type { MessageNews } from '../history/message-news.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import { numberOf } from '../store/person.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Pace } from '../outbox/pace.ts'
import type { Turns } from '../turns/turns.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import { ScheduledWork } from '../../timing/scheduled-work.ts'
import { withDeadline } from '../../timing/deadline.ts'

/** Messages that wait for their answer with a reaction; the next ones get none. */
const MAX_OPEN = 100
const MAX_IN_FLIGHT = 4
/** Sends under the same id without an answer, also where the connection ended: some end because of what is sent. */
const MAX_ATTEMPTS = 5
const RETRY_MS = 2_000
const STORAGE_RETRY_MS = 5_000
/** How long `stop` waits for what is in flight. */
const STOP_TIMEOUT_MS = 1_000
/** Says that a message got no answer, where a sentence for each would be too much. */
const FAILED_EMOJI = '⚠️'
/** The share of the pace that must be free, so that replies find room. Taking a reaction back matters more than showing it. */
const SPARE_FOR_REACTION = 0.5
const SPARE_FOR_REMOVAL = 0.25

type Step = 'react' | 'remove' | 'wait' | 'end'

export interface AckReactionsDependencies {
  store: AckStore
  commits: CommitGroup
  pace: Pace
  transport: Pick<Transport, 'capabilities' | 'ready' | 'send' | 'newLocalId'>
  counts: Pick<AccountCounts, 'sent'>
  config: () => Pick<AccountConfig, 'ackReaction'>
  isAllowed: (conversation: Conversation, person: string) => boolean
  /** Whether a person answers in this conversation now, or nobody: the assistant reacts to nothing there. */
  isSilent: (conversation: number) => boolean
  windows: Pick<ChatWindows, 'isOpen'>
  turns: Pick<Turns, 'isOpen'>
  outbox: Pick<Outbox, 'awaits'>
  messageNews: Pick<MessageNews, 'updated'>
  logger: Logger
  now: () => Date
}

/**
 * Reacts to what will be answered, once, and takes the reaction back after the answer where the config says so; marks
 * what got no answer. On a way of its own beside the replies: these wait for nothing here, and only what the pace has to
 * spare is used. A reaction that comes too late for its answer is left out, and so is one in a chat that a person has taken over; one that
 * may have been seen is taken back also after a crash.
 */
export class AckReactions {
  readonly #deps: AckReactionsDependencies
  /** Inbox rows whose reaction is not at its end. */
  readonly #open = new Set<number>()
  /** By inbox row. */
  readonly #inFlight = new Map<number, { chat: string; done: Promise<void> }>()
  /** What failed rests: an event that wakes us brings no answer to it. */
  readonly #work = new ScheduledWork(() => this.#pump())
  #abort = new AbortController()

  constructor(deps: AckReactionsDependencies) {
    this.#deps = deps
  }

  /** Goes on with what was left. Throws `StorageError`. */
  start(): void {
    this.#abort = new AbortController()
    this.#open.clear()
    for (const { inbox } of this.#deps.store.open()) this.#open.add(inbox)
    this.#work.start()
  }

  /** Waits for what is in flight, 1 s at most; the rest goes on with the next start. Idempotent. */
  async stop(): Promise<void> {
    this.#work.stop()
    const sends = [...this.#inFlight.values()].map(({ done }) => done)
    await withDeadline(Promise.all(sends), STOP_TIMEOUT_MS, () => undefined)
    this.#abort.abort(new Error('stopped'))
    this.#inFlight.clear()
  }

  /** Inside of the transaction that takes in a message which will be answered. */
  add(inbox: number, message: IncomingMessage): Committed | undefined {
    const { store, transport, config, now } = this.#deps
    const { emoji } = config().ackReaction
    if (this.#open.size >= MAX_OPEN || !this.#isWanted(message.chat.kind, message.mentionsUs))
      return undefined
    const messageId = transport.newLocalId()
    store.insert({ inbox, purpose: 'seen', emoji, messageId, at: now().getTime() })
    return () => {
      this.#open.add(inbox)
      this.wake()
    }
  }

  /** Inside of the transaction in which it turns out that this message gets no answer, and no sentence about that either. */
  markFailed(inbox: number): void {
    const { store, transport, now } = this.#deps
    if (this.#open.size >= MAX_OPEN || !transport.capabilities.reactions) return
    const messageId = transport.newLocalId()
    store.insert({ inbox, purpose: 'failed', emoji: FAILED_EMOJI, messageId, at: now().getTime() })
    this.#open.add(inbox)
    this.wake()
  }

  /** Inside of a transaction: nothing of it goes out any more. */
  endAll(): Committed {
    this.#deps.store.endAll()
    return () => this.#open.clear()
  }

  /** Something that a reaction waits for may have happened. Never within the caller, who may be the transport. */
  wake(): void {
    if (this.#open.size > 0) this.#work.request()
  }

  #isWanted(chatKind: ChatKind, mentionsUs: boolean): boolean {
    const { transport, config } = this.#deps
    const { emoji, direct, group } = config().ackReaction
    if (emoji === '' || !transport.capabilities.reactions) return false
    if (chatKind !== 'group') return direct
    return group === 'always' || (group === 'mentions' && mentionsUs)
  }

  #pump(): void {
    if (!this.#deps.transport.ready) return
    try {
      const rows = this.#deps.store.open()
      this.#open.clear()
      for (const { inbox } of rows) this.#open.add(inbox)
      for (const row of rows) if (!this.#inFlight.has(row.inbox)) this.#advance(row)
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  #advance(row: AckRow): void {
    const step = this.#stepOf(row)
    if (step === 'wait') return
    if (step === 'end') return this.#end(row)
    const busy = [...this.#inFlight.values()]
    if (busy.length >= MAX_IN_FLIGHT || busy.some(({ chat }) => chat === row.chat)) return
    if (step === 'react') this.#react(row)
    else this.#remove(row)
  }

  #stepOf(row: AckRow): Step {
    const { isAllowed, config, windows } = this.#deps
    if (row.inbox_state === 'revoked' || !isAllowed(conversationOf(row), row.sender)) return 'end'
    if (!windows.isOpen({ kind: row.chat_kind, address: row.chat })) return 'end'
    const isSilent = this.#deps.isSilent(row.conversation)
    if (row.purpose === 'failed') return row.state === 'shown' || isSilent ? 'end' : 'react'
    // It mentioned us when it came in, where that matters.
    if (row.state === 'due' && !this.#isWanted(row.chat_kind, true)) return 'end'
    if (row.state === 'removing') return 'remove'
    if (!isSilent && this.#isWaiting(row))
      return row.state === 'shown' || this.#goesAfterAnswer(row) ? 'wait' : 'react'
    return row.state !== 'due' && config().ackReaction.removeAfterReply ? 'remove' : 'end'
  }

  /** Whether this message waits for its answer, or for the last of it to go out. */
  #isWaiting({ inbox_state, turn }: AckRow): boolean {
    const { turns, outbox } = this.#deps
    if (inbox_state === 'pending') return true
    return turn !== null && (turns.isOpen(turn) || outbox.awaits(turn))
  }

  /** The connection may have ended because of it: the answer must not be behind it on the next one. */
  #goesAfterAnswer({ attempts, turn }: AckRow): boolean {
    return attempts > 0 && turn !== null && this.#deps.outbox.awaits(turn)
  }

  #react(row: AckRow): void {
    const { pace, now, store, isSilent } = this.#deps
    const hasRoom = pace.takeSpare(now().getTime(), SPARE_FOR_REACTION)
    if (!hasRoom && row.state === 'due') return this.#end(row)
    if (!hasRoom) return this.#write(() => store.setState(row.inbox, 'shown'), this.#newsOf(row))
    this.#write(() => store.setState(row.inbox, 'sending'))
    this.#send(row, 'reaction', row.message_id, (outcome) => {
      if (outcome.outcome === 'refused') return this.#end(row)
      // There is nothing to take back.
      const wasNeverOut = row.state === 'due' && outcome.outcome === 'unconfirmed' && outcome.nothingLeft
      if (wasNeverOut && isSilent(row.conversation)) return this.#end(row)
      if (outcome.outcome === 'acknowledged') {
        return this.#write(() => store.setShown(row.inbox, outcome.at.getTime()), this.#newsOf(row))
      }
      const isLast = row.attempts + 1 >= MAX_ATTEMPTS
      this.#write(() => this.#countAttempt(row, 'shown'), isLast ? this.#newsOf(row) : undefined)
    })
  }

  #remove(row: AckRow): void {
    const { pace, now, store, transport } = this.#deps
    const at = now().getTime()
    if (!pace.takeSpare(at, SPARE_FOR_REMOVAL)) return this.#work.restFor(RETRY_MS)
    const id = row.removal_id ?? transport.newLocalId()
    if (row.removal_id === null) this.#write(() => store.beginRemoval(row.inbox, id, at))
    const removal: AckRow = row.removal_id === null ? { ...row, attempts: 0, removed_at: at } : row
    this.#send(removal, 'removal', id, (outcome) => {
      if (outcome.outcome === 'refused') return this.#end(row)
      if (outcome.outcome === 'unconfirmed') {
        return this.#write(() => this.#countAttempt(removal, 'done'))
      }
      this.#open.delete(row.inbox)
      this.#write(() => store.setRemoved(row.inbox, outcome.at.getTime()), this.#newsOf(row))
    })
  }

  /** Inside of a transaction. */
  #countAttempt(row: AckRow, atLast: 'shown' | 'done'): void {
    const { store } = this.#deps
    store.addAttempt(row.inbox)
    if (row.attempts + 1 < MAX_ATTEMPTS) return this.#work.restFor(RETRY_MS)
    store.setState(row.inbox, atLast)
    if (atLast === 'done') this.#open.delete(row.inbox)
  }

  #send(row: AckRow, what: 'reaction' | 'removal', id: string, settle: (outcome: SendOutcome) => void): void {
    const person = numberOf(row.conversation_name)
    const chat = { kind: row.chat_kind, address: row.chat }
    const mayLeave = what === 'removal' ? undefined : () => !this.#deps.isSilent(row.conversation)
    const message: OutgoingMessage = { localId: id, chat, person, content: ackContent(row, what), mayLeave }
    const { signal } = this.#abort
    const done = this.#outcomeOf(message, signal).then((outcome) => {
      // Whatever comes of it now comes too late: the database may be closed.
      if (signal.aborted) return
      this.#inFlight.delete(row.inbox)
      try {
        // Another reaction may have taken its place meanwhile.
        if (this.#deps.store.find(id) !== undefined) settle(outcome)
        this.wake()
      } catch (error) {
        this.#storageFailed(error)
      }
    })
    this.#inFlight.set(row.inbox, { chat: row.chat, done })
  }

  async #outcomeOf(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    try {
      const sent = await this.#deps.transport.send(message, signal)
      this.#deps.counts.sent.add(`${message.content.kind} ${sent.outcome}`)
      return sent
    } catch (error) {
      return { outcome: 'unconfirmed', why: error instanceof Error ? error.message : String(error) }
    }
  }

  #end({ inbox }: AckRow): void {
    this.#write(() => this.#deps.store.setState(inbox, 'done'))
    this.#open.delete(inbox)
  }

  #write(write: () => void, committed?: Committed): void {
    this.#deps.commits.now(() => {
      write()
      return committed
    })
  }

  /** The message has one reaction more, or less, than a moment ago. */
  #newsOf({ conversation_name: conversation, target_id: messageId }: AckRow): Committed {
    return () => this.#deps.messageNews.updated(conversation, messageId)
  }

  #storageFailed(error: unknown): void {
    this.#deps.logger.error({ err: error }, 'the disk refused to store what became of a reaction')
    this.#work.restFor(STORAGE_RETRY_MS)
  }
}
