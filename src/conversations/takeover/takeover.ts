import type { Logger } from 'pino'
import { isObserved } from '../../access/is-observed.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { MessageClock } from '../message-clock.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { Conversation, Merge } from '../store/conversation-store.ts'
import type { HandOvers } from '../store/hand-overs.ts'
import { type InboxStore, referenceOf } from '../store/inbox-store.ts'
import type { ChatWork } from '../turns/chat-work.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'
import { type Hold, type HoldBy, isPaused } from './hold.ts'
import type { HoldStore } from './hold-store.ts'
import { DueTimer } from '../../timing/due-timer.ts'

const MINUTE_MS = 60_000
/** WhatsApp dates messages in whole seconds. */
const PRECISION_MS = 1_000
/** Messages that are answered when a chat is handed back. */
const MAX_ANSWERED_LATE = 50

/** Why nobody answers a message, as `message.skipped` says it. */
export type HoldSkip = 'chat_paused' | 'taken_over' | 'assistant_off'

export interface TakeoverDependencies {
  holds: HoldStore
  handOvers: Pick<HandOvers, 'end'>
  inbox: Pick<InboxStore, 'find'>
  work: Pick<ChatWork, 'takeBack'>
  queue: Pick<TurnQueue, 'revive'>
  receipts: Pick<ReadReceipts, 'add'>
  commits: CommitGroup
  clock: MessageClock
  transport: Pick<Transport, 'ready'>
  config: () => AccountConfig
  /** After a commit in which this conversation got another holder. */
  changed: (conversation: number) => void
  logger: Logger
  now: () => Date
}

/**
 * Who holds each chat: the assistant, or a person who has taken it over. What takes a chat over is one transaction: its state, the end of
 * the turn that runs, and the end of what is not out. A state holds over restarts; one that ends by itself ends by the clock, also where its
 * timer is late.
 */
export class Takeover {
  readonly #deps: TakeoverDependencies
  readonly #timer: DueTimer
  /** `takeover.minutes` that the holds on disk follow; `null` until that is known. */
  #followedMinutes: number | null = null

  constructor(deps: TakeoverDependencies) {
    const { holds, transport, logger, now } = deps
    this.#deps = deps
    this.#timer = new DueTimer({
      nextEnd: () => holds.nextEnd(),
      isReady: () => transport.ready,
      endDue: () => this.#endDue(),
      failed: (error) =>
        logger.error(
          { err: error },
          'the disk refused to hand a chat back to the assistant; it is tried again',
        ),
      now,
    })
  }

  /** Holds that are over end now, if messages can flow, and otherwise when they can. Throws `StorageError`. */
  start(): void {
    this.settingsChanged()
    this.#timer.start()
  }

  /** Idempotent. */
  stop(): void {
    this.#timer.stop()
  }

  /** Messages can flow, or cannot any more. Never throws. */
  readyChanged(): void {
    this.#timer.look()
  }

  of(conversation: number): Hold {
    return this.#deps.holds.of(conversation)
  }

  /** How many chats somebody has taken over. */
  get count(): number {
    return this.#deps.holds.count(this.#now())
  }

  /** Whether somebody has taken the chat over, at this moment. */
  isPaused(conversation: number): boolean {
    return isPaused(this.of(conversation), this.#now())
  }

  /**
   * Why the assistant answers nothing there now, or not this message, which was for another app, or came late and was sent while somebody
   * held the chat; `null` where it answers.
   */
  whySilent(
    conversation: number,
    message?: Pick<IncomingMessage, 'sentAt' | 'arrival' | 'isForApp'>,
  ): HoldSkip | null {
    const hold = this.of(conversation)
    if (hold.offSince !== null) return 'assistant_off'
    if (message?.isForApp === true) return 'taken_over'
    if (isPaused(hold, this.#now())) return hold.by === 'command' ? 'chat_paused' : 'taken_over'
    if (message?.arrival !== 'offline' || this.#answersMissed) return null
    return this.#wasHeldAt(hold, message.sentAt.getTime()) ? 'taken_over' : null
  }

  /** Whether an assistant may end what keeps it silent there: nothing does, or it left the chat to a person itself. */
  mayHandBack(conversation: number): boolean {
    const hold = this.of(conversation)
    return hold.offSince === null && (hold.by === 'agent' || !isPaused(hold, this.#now()))
  }

  /** Inside of the transaction that takes in a message which stays unanswered for `whySilent`. */
  missed(sequence: number): void {
    this.#deps.holds.markMissed(sequence)
  }

  /**
   * Inside of the transaction that stores what the owner says in a chat with others, by hand: nobody is waited for there any more, and
   * by the settings the chat is taken over. `at`: when it was written, by the clock of messages; now without it. Not for the assistant's own words.
   */
  ownerSpoke(
    conversation: Conversation,
    by: 'phone' | 'dashboard' | 'api',
    at = this.#deps.clock.now(),
  ): Committed {
    const { handOvers, holds } = this.#deps
    const answered = handOvers.end(conversation.id)
    holds.forgetMissed(conversation.id)
    if (!this.#takesOver(conversation, by)) return inOrder([answered])
    const since = Math.min(at - this.#deps.clock.offsetMs, this.#now())
    const minutes = this.#deps.config().takeover.minutes
    const until = since + minutes * MINUTE_MS
    const current = this.of(conversation.id)
    const spoken: Hold = {
      ...current,
      pausedAt: since,
      by,
      reason: 'owner_wrote',
      until,
      renewedAt: since,
      followsSetting: true,
    }
    // Written so long ago that it is over: what was asked since then is for the assistant.
    if (until <= this.#now()) {
      if (!isPaused(current, this.#now())) holds.set(conversation.id, ended(spoken, until))
      const isForPerson = !holds.isAskedAfter(conversation.id, at)
      const takenBack = isForPerson ? this.#deps.work.takeBack(conversation.id) : undefined
      return inOrder([answered, takenBack, this.#news(conversation.id)])
    }
    // Nobody answered what was written later and came before these words.
    holds.markWithdrawn(conversation.id, at)
    holds.set(conversation.id, this.#renewed(current, spoken))
    return inOrder([answered, this.#deps.work.takeBack(conversation.id), this.#news(conversation.id)])
  }

  /**
   * Inside of a transaction: a person takes the chat over without a word, for so many minutes, for those of the config (`undefined`), or
   * until it is handed back (`null`). An assistant (`agent`) changes nothing about a chat that a person has taken over.
   */
  takeOver(conversation: number, by: HoldBy, minutes?: number | null): Committed {
    const { holds, work, config } = this.#deps
    const now = this.#now()
    const current = this.of(conversation)
    if (by === 'agent' && current.by !== 'agent' && isPaused(current, now)) return this.#news(conversation)
    const lengthMs = minutes === null ? null : (minutes ?? config().takeover.minutes) * MINUTE_MS
    holds.markWithdrawn(conversation)
    holds.set(conversation, {
      ...current,
      pausedAt: isPaused(current, now) ? current.pausedAt : now,
      by,
      reason: by === 'command' ? 'command' : 'taken_over',
      until: lengthMs === null ? null : now + lengthMs,
      renewedAt: now,
      followsSetting: minutes === undefined,
    })
    return inOrder([work.takeBack(conversation), this.#news(conversation)])
  }

  /**
   * Inside of a transaction: another app answers on the same number there since `at`, or no longer does; `at` by the clock of messages. The
   * transport has put in order what came late. What it was asked is never answered a second time, and what the owner took over before stays
   * the owner's.
   */
  heldByApp(conversation: Conversation, isHeld: boolean, at: number): Committed | undefined {
    const { holds, work, config, clock } = this.#deps
    const current = this.of(conversation.id)
    const isOfApp = current.by === 'app' && isPaused(current, this.#now())
    const since = Math.min(at - clock.offsetMs, this.#now())
    // One that was asked before somebody had the assistant answer again comes too late.
    if (isHeld === isOfApp || (isHeld && since < (current.heldUntil ?? 0))) return undefined
    if (isHeld) {
      const hold = {
        by: 'app',
        reason: 'taken_over',
        until: null,
        renewedAt: since,
        followsSetting: false,
      } as const
      holds.set(conversation.id, { ...current, pausedAt: since, ...hold })
      return inOrder([work.takeBack(conversation.id), this.#news(conversation.id)])
    }
    const spokeAt = holds.ownerSpokeAt(conversation.id) ?? 0
    const isOwners = spokeAt - clock.offsetMs + config().takeover.minutes * MINUTE_MS > this.#now()
    return inOrder([
      this.#end(conversation.id, since),
      isOwners ? this.ownerSpoke(conversation, 'phone', spokeAt) : undefined,
      this.#news(conversation.id),
    ])
  }

  /** Inside of a transaction: the account has another number, on which no other app holds anything. */
  endAppHolds(): Committed {
    const at = this.#deps.clock.now()
    return inOrder(
      this.#deps.holds.heldByApps().map((conversation) => this.heldByApp(conversation, false, at)),
    )
  }

  /** Inside of a transaction: the assistant answers there again, and nobody is waited for. Where it is switched off, it stays so. */
  resume(conversation: number): Committed {
    const answered = this.#deps.handOvers.end(conversation)
    return inOrder([answered, this.#end(conversation, this.#now()), this.#news(conversation)])
  }

  /** Inside of a transaction: switches the assistant on or off there. On, it answers at once: nobody holds the chat any more. */
  setAssistant(conversation: number, isOn: boolean): Committed {
    const { holds, work } = this.#deps
    const current = this.of(conversation)
    if (!isOn) {
      holds.set(conversation, { ...current, offSince: current.offSince ?? this.#now() })
      return inOrder([work.takeBack(conversation), this.#news(conversation)])
    }
    // What came while it was off stays unanswered.
    if (current.offSince !== null) holds.forgetMissed(conversation)
    holds.set(conversation, { ...current, offSince: null })
    return this.resume(conversation)
  }

  /** The account belongs to somebody else. Inside of a transaction; answers the conversations that somebody held. */
  endAll(): number[] {
    return this.#deps.holds.endAll()
  }

  /** Two conversations became one on disk: what one of them was asked is taken back where somebody holds the other. */
  merged({ into }: Merge): void {
    const { commits, holds, work } = this.#deps
    if (this.whySilent(into) !== null)
      commits.now(() => {
        holds.markWithdrawn(into)
        return inOrder([work.takeBack(into), this.#news(into)])
      })
    this.#timer.schedule()
  }

  /** `takeover.minutes` may be another number: a hold that follows it ends at another time. Throws `StorageError`. */
  settingsChanged(): void {
    const { holds, commits, config } = this.#deps
    const { minutes } = config().takeover
    // A transaction for each of many accounts, at every edit of the config, holds the event loop up.
    if (minutes !== this.#followedMinutes)
      commits.now(() => {
        const changed = holds.followSetting(minutes * MINUTE_MS)
        return inOrder(changed.map((conversation) => this.#news(conversation)))
      })
    this.#followedMinutes = minutes
    this.#timer.look()
  }

  get #answersMissed(): boolean {
    return this.#deps.config().takeover.answerMissed
  }

  #now(): number {
    return this.#deps.now().getTime()
  }

  #takesOver({ kind }: Conversation, by: HoldBy): boolean {
    const config = this.#deps.config()
    const { takeover } = config
    if (kind === 'self' || isObserved(config, { kind })) return false
    return (kind !== 'group' || takeover.groups) && (by !== 'phone' || takeover.onPhoneReply)
  }

  /** Words never shorten what holds already. What an assistant left to a person is a person's from their first words on. */
  #renewed(current: Hold, spoken: Hold): Hold {
    if (!isPaused(current, this.#now())) return spoken
    const isLonger = current.until === null || (spoken.until !== null && current.until > spoken.until)
    if (!isLonger) return { ...spoken, pausedAt: current.pausedAt }
    return current.by === 'agent' ? { ...current, by: spoken.by, reason: spoken.reason } : current
  }

  /** Late messages were sent in the hold that is over, or in one whose timer has not ended it yet. */
  #wasHeldAt({ pausedAt, until, heldFrom, heldUntil }: Hold, sentAt: number): boolean {
    const at = sentAt - this.#deps.clock.offsetMs
    return [
      [pausedAt, until],
      [heldFrom, heldUntil],
    ].some(([from, to]) => from != null && to != null && at >= from - PRECISION_MS && at < to - PRECISION_MS)
  }

  /** Inside of a transaction: the hold is over since `at`. What was missed is asked now where the settings say so. */
  #end(conversation: number, at: number): Committed | undefined {
    const { holds, config } = this.#deps
    const hold = this.of(conversation)
    if (hold.pausedAt === null) return undefined
    holds.set(conversation, ended(hold, at))
    const oldest = this.#deps.clock.now() - config().catchUp.maxAgeMinutes * MINUTE_MS
    const isAsked = this.#answersMissed && hold.offSince === null && hold.by !== 'app'
    if (isAsked) holds.release(conversation, oldest)
    const missed = isAsked ? holds.missed(conversation, oldest, MAX_ANSWERED_LATE) : []
    holds.forgetMissed(conversation)
    return missed.length === 0 ? undefined : this.#ask(conversation, missed)
  }

  #ask(conversation: number, sequences: readonly number[]): Committed {
    const { inbox, queue, receipts } = this.#deps
    const rows = sequences.flatMap((sequence) => inbox.find(sequence) ?? [])
    const asked = queue.revive(conversation, rows)
    return () => {
      for (const row of rows) if (row.chat_kind !== 'self') receipts.add(conversation, referenceOf(row))
      asked()
    }
  }

  #endDue(): void {
    const { holds, commits } = this.#deps
    for (const { conversation, until } of holds.due(this.#now()))
      commits.now(() => inOrder([this.#end(conversation, until), this.#news(conversation)]))
  }

  #news(conversation: number): Committed {
    return () => {
      this.#timer.schedule()
      this.#deps.changed(conversation)
    }
  }
}

function ended({ offSince, pausedAt }: Hold, at: number): Hold {
  return {
    pausedAt: null,
    by: 'command',
    reason: 'command',
    until: null,
    renewedAt: null,
    followsSetting: false,
    offSince,
    heldFrom: pausedAt,
    heldUntil: at,
  }
}
