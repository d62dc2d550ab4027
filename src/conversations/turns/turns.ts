import { randomUUID } from 'node:crypto'
import type { AnsweringAgent, Presence } from '../../agents/agent.ts'
import { isAboutChosenModel } from '../../agents/is-about-chosen-model.ts'
import { AgentAway } from '../../agents/agent-away.ts'
import type { AgentFailureCode } from '../../protocol/account/agent-failures.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { Places } from '../../timing/places.ts'
import { ScheduledWork } from '../../timing/scheduled-work.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import { conversationOf, type Merge } from '../store/conversation-store.ts'
import { type InboxRow, type InboxStore, referenceOf } from '../store/inbox-store.ts'
import type { SkippedMessages, SkipReason } from '../intake/skipped-messages.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { MediaFetcher } from '../media/media-fetcher.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import { ThoughtHabits } from '../replies/thought-habits.ts'
import { answerTurn, type AnswerTurnDependencies } from './answer-turn.ts'
import { isAddressed } from './is-addressed.ts'
import { gatherFiles } from './files/gather-files.ts'
import { logFailure } from './log-failure.ts'
import { ResumedTurns } from './waiting/resumed-turns.ts'
import { takePlace } from './waiting/take-place.ts'
import { TurnAborted } from './turn-aborted.ts'
import type { TurnQueue } from './turn-queue.ts'
import { chatOf, type TurnOutcome, type TurnRow } from './turn-store.ts'
import type { Takeover } from '../takeover/takeover.ts'
import type { Typing } from '../replies/typing.ts'
import type { WaitingLines } from './waiting/waiting-lines.ts'
import { WaitingTurns } from './waiting/waiting-turns.ts'

/** Turns that are answered side by side in one account. */
const MAX_ANSWERED = 64
/** These, and the ones that wait for a place; of more, only the disk knows. */
const MAX_RUNNING = 1_000
/** After the disk refused a write. */
const STORAGE_RETRY_MS = 5_000

export interface TurnsDependencies extends Omit<AnswerTurnDependencies, 'habits'> {
  inbox: InboxStore
  fetcher: Pick<MediaFetcher, 'settle' | 'problemOf' | 'remove'>
  queue: TurnQueue
  commands: ChatCommands
  typing: Typing
  waitingLines: Pick<WaitingLines, 'begin' | 'end'>
  receipts: ReadReceipts
  agentFor: (id: string) => AnsweringAgent
  skipped: Pick<SkippedMessages, 'add'>
  takeover: Pick<Takeover, 'whySilent' | 'missed'>
  /** A turn is over, whatever came of it. */
  closed: () => void
  publish: EventPublisher['publish']
}

interface Close {
  /** No turn of an assistant: nothing is reported. */
  quiet?: boolean
  code?: AgentFailureCode
  memory?: string
  /** Those of its messages that are commands. */
  orders?: readonly InboxRow[]
}

interface Running {
  turn: string
  abort: AbortController
  done: Promise<void>
}

/**
 * Runs open turns: in order within a conversation, conversations side by side, as many as each agent has places. A reply and the end of its turn are
 * one commit; a turn that a crash or a shutdown interrupts runs again under the same id.
 */
export class Turns {
  readonly #deps: TurnsDependencies
  /** By conversation. */
  readonly #running = new Map<number, Running>()
  readonly #waiting: WaitingTurns
  readonly #places = new Places(MAX_ANSWERED)
  readonly #habits = new ThoughtHabits()
  readonly #resumed: ResumedTurns
  readonly #work = new ScheduledWork(() => this.#startTurns())

  constructor(deps: TurnsDependencies) {
    this.#deps = deps
    this.#resumed = new ResumedTurns(deps)
    this.#waiting = new WaitingTurns({ due: (row, since) => this.#tellAway(row, since), now: deps.now })
  }

  start(): void {
    this.#work.start()
    this.#resumed.start()
  }

  /** Interrupts what runs; it stays open. */
  async stop(): Promise<void> {
    this.#work.stop()
    this.#waiting.clear()
    for (const { abort } of this.#running.values()) abort.abort(new TurnAborted('shutdown'))
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  /** Starts turns soon: never within the caller, who may be a listener of the transport. */
  wake(): void {
    this.#work.request()
  }

  /** An agent came back or went away: turns that wait for it look again; with `all`, whomever they wait for. */
  agentsChanged({ all = false }: { all?: boolean } = {}): void {
    this.#waiting.release((agent) => all || (this.#presenceOf(agent)?.isHere() ?? true))
    this.wake()
  }

  /** Inside of a transaction: ends the open turns of a conversation, or of these the ones to cancel, whether they run or wait. */
  cancel(conversation: number, isToCancel: (turn: TurnRow) => boolean = () => true): Committed {
    const rows = this.#deps.store.openTurnsOf(conversation).filter(isToCancel)
    const closed = rows.map((row) => this.#close(row, 'cancelled'))
    return () => {
      for (const { id } of rows) this.#interrupt(conversation, id, 'cancelled')
      for (const each of closed) each?.()
    }
  }

  /** Whether this turn is still to be answered. */
  isOpen(turn: string): boolean {
    return this.#deps.store.isOpen(turn)
  }

  /** The person who asked in a turn; `null` when nothing of it is left. */
  askedBy({ id }: TurnRow): string | null {
    return this.#deps.inbox.ofTurn(id)[0]?.sender ?? null
  }

  /**
   * Inside of a transaction: a message of this open turn is gone, and nothing of its answer is out. What is left is asked under another
   * id: a late answer to the old one must not count.
   */
  restart(conversation: number, turn: string): Committed {
    const { store, publish, account, now } = this.#deps
    const row = store.openTurnsOf(conversation).find(({ id }) => id === turn)
    if (row === undefined) return () => undefined
    store.renew(turn, randomUUID())
    return () => {
      this.#waiting.remove(conversation)
      this.#interrupt(conversation, turn, 'revised')
      const { conversation_name: shown } = row
      const at = now().toISOString()
      publish('agent.turnFinished', { account, conversation: shown, turn, outcome: 'cancelled', at })
      this.wake()
    }
  }

  /** Two conversations became one on disk: a turn of the first runs again in the other one. */
  merged({ from, into }: Merge): void {
    for (const conversation of [from, into]) this.#waiting.remove(conversation)
    const running = this.#running.get(from)
    if (running !== undefined) this.#interrupt(from, running.turn, 'merged')
    this.wake()
  }

  #interrupt(conversation: number, turn: string, why: TurnAborted['why']): void {
    const running = this.#running.get(conversation)
    if (running?.turn === turn) running.abort.abort(new TurnAborted(why))
  }

  #startTurns(): void {
    try {
      if (!this.#resumed.recall()) return
      while (this.#running.size < MAX_RUNNING) {
        const row = this.#deps.store.nextOpen([...this.#running.keys(), ...this.#waiting.conversations])
        if (row === undefined) return
        const abort = new AbortController()
        // The entry comes first: a turn that ends at once must find it.
        const running: Running = { turn: row.id, abort, done: Promise.resolve() }
        this.#running.set(row.conversation, running)
        running.done = this.#run(row, abort).catch((error: unknown) => this.#storageFailed(error))
        void running.done.then(() => {
          this.#running.delete(row.conversation)
          this.wake()
        })
      }
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  async #run(row: TurnRow, abort: AbortController): Promise<void> {
    const { inbox, isAllowed, publish, account, now, logger, waitingLines, traces } = this.#deps
    const rows = inbox.ofTurn(row.id)
    const [first] = rows
    if (first === undefined || !isAllowed(conversationOf(row), first.sender)) return this.#withdraw(row, rows)
    const newest = rows.at(-1) ?? first
    const unanswered = this.#whyUnanswered(row, rows)
    if (unanswered !== null) return this.#skip(row, rows, unanswered)
    const { conversation, conversation_name: shown, id: turn } = row
    // What its writer made a command of since is executed beside the answer to the others.
    const orders = rows.filter((each) => this.#deps.routing.isCommand(each))
    let asker: string | undefined
    let chosen: string | null = null
    let leave: (() => void) | undefined
    let wasHandedOut = false
    try {
      if (orders.length === rows.length) {
        this.#markRead(row)
        return this.#execute(row, rows)
      }
      waitingLines.begin(row, rows)
      const { signal } = abort
      // Files may take minutes: that somebody works at it is shown before.
      const hasFiles = rows.some(({ files }) => files !== null)
      if (hasFiles && this.#presenceFor(row, first)?.isHere() !== false) this.#showPresence(row, newest)
      // Before an agent is chosen and its place is taken: others do not wait for these files.
      const gathered = await gatherFiles(this.#deps, rows, {
        isAllowed: (person) => isAllowed(conversationOf(row), person),
        signal,
      })
      const asks = (agent: string): void => void (asker = agent)
      const place = await takePlace({ ...this.#deps, places: this.#places }, { row, rows, signal, asks })
      leave = place.leave
      const { agent, routed } = place
      chosen = routed.model
      // An assistant may act on what it is asked: the question must not be forgotten then.
      this.#deps.commits.durable()
      publish('agent.turnStarted', { account, conversation: shown, turn, at: now().toISOString() })
      this.#showPresence(row, newest)
      wasHandedOut = true
      const close = (outcome: TurnOutcome, memory: string): Committed | undefined =>
        this.#close(row, outcome, { memory, orders })
      const { agent: id, asked, model } = routed
      const deps = { ...this.#deps, habits: this.#habits }
      await answerTurn(deps, { row, asked, gathered, id, agent, model, abort, close })
    } catch (error) {
      const { reason, aborted } = abort.signal
      if (reason instanceof TurnAborted) return
      if (error instanceof StorageError) throw error
      const failure: unknown = aborted ? reason : error
      // Of a program that had the turn, the person waits from when it went away.
      const since = wasHandedOut ? now().getTime() : row.opened_at
      if (failure instanceof AgentAway && this.#wait(row, asker, since)) return
      this.#markRead(row)
      const code = logFailure(logger, failure, { turn, agent: asker, ...traces?.ids(newest.message_id) })
      const notice = isAboutChosenModel(failure, chosen) ? 'modelFailed' : 'failed'
      this.#fail(row, rows, { code, orders, notice })
    } finally {
      leave?.()
      waitingLines.end(turn)
      if (!this.#deps.queue.isOpen(conversation)) this.#deps.replies.left(conversation)
    }
  }

  #markRead({ chat_kind, conversation }: TurnRow): void {
    if (chat_kind !== 'self') this.#deps.receipts.send(conversation)
  }

  /** The chat shows that somebody works at it. */
  #showPresence(row: TurnRow, newest: InboxRow): void {
    this.#markRead(row)
    this.#deps.typing.begin(row.conversation, chatOf(row), referenceOf(newest))
  }

  /**
   * The agent is away: the turn stays open, without a place among those that run, until it is back. False where too many wait, or
   * nobody was asked.
   */
  #wait(row: TurnRow, agent: string | undefined, since: number): boolean {
    if (agent === undefined) return false
    this.#deps.typing.end(row.conversation)
    const presence = this.#presenceOf(agent)
    // It is back already, or another one has its id now: the turn is run again at once.
    if (presence === null || presence.isHere()) return true
    return this.#waiting.add(row, { agent, since, tellAfterMs: presence.tellAfterMs })
  }

  #presenceOf(agent: string): Presence | null {
    try {
      return this.#deps.agentFor(agent).presence ?? null
    } catch {
      // The config has it no more, which the turn itself finds out.
      return null
    }
  }

  /** Tells the person once a wait that the assistant is away. */
  #tellAway(row: TurnRow, since: number): void {
    const { inbox, isAllowed, replies, commits, store } = this.#deps
    try {
      const rows = inbox.ofTurn(row.id)
      const [first] = rows
      if (first === undefined || !store.isOpen(row.id) || !isAllowed(conversationOf(row), first.sender))
        return
      commits.now(() => replies.tellAway(row, rows, since))
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'a person could not be told that the assistant is away')
    }
  }

  /** What is asked of the daemon itself is no turn of an assistant, and none is reported. */
  #execute(row: TurnRow, rows: readonly InboxRow[]): void {
    this.#deps.commits.now(() => this.#close(row, 'answered', { quiet: true, orders: rows }))
  }

  #fail(
    row: TurnRow,
    rows: readonly InboxRow[],
    { notice, ...why }: Required<Pick<Close, 'code' | 'orders'>> & { notice: 'failed' | 'modelFailed' },
  ): void {
    this.#deps.commits.now(() => {
      const closed = this.#close(row, 'failed', why)
      const waits = this.#waitForPerson(row, rows)
      const queued = closed === undefined ? undefined : this.#deps.replies.apologise(row, rows, notice)
      return inOrder([queued, closed, waits])
    })
  }

  /** Inside of a transaction. In a group only for those who asked the assistant; to themselves nobody hands anything over. */
  #waitForPerson(row: TurnRow, rows: readonly InboxRow[]): Committed | undefined {
    if (row.chat_kind === 'self' || !isAddressed(row, rows)) return undefined
    return this.#deps.handOvers.begin(row.conversation, this.#deps.now().getTime(), 'answer_failed')
  }

  /** Who asked may not talk any more: nothing is answered, and their files go. */
  #withdraw(row: TurnRow, rows: readonly InboxRow[]): void {
    const { commits, fetcher } = this.#deps
    commits.now(() =>
      inOrder([...rows.map(({ sequence }) => fetcher.remove(sequence)), this.#close(row, 'cancelled')]),
    )
  }

  /** Inside of a transaction. Executes the commands among its messages, and opens the conversation's next turn. */
  #close(
    row: TurnRow,
    outcome: TurnOutcome,
    { quiet = false, code, memory, orders = [] }: Close = {},
  ): Committed | undefined {
    const { store, queue, commands, publish, account, now } = this.#deps
    const at = now()
    // One of them may end this turn.
    const said = orders.length > 0 && store.isOpen(row.id) ? commands.execute(row, orders) : undefined
    if (!store.finish(row.id, outcome, { at: at.getTime(), ...(memory !== undefined && { memory }) }))
      return said
    const next = queue.next(row.conversation)
    return () => {
      said?.()
      this.#waiting.remove(row.conversation)
      next()
      // A turn that ends before it runs leaves behind what the one before it showed.
      const { turn: running = row.id } = this.#running.get(row.conversation) ?? {}
      if (running === row.id && !queue.isOpen(row.conversation)) this.#deps.replies.left(row.conversation)
      this.#deps.closed()
      if (quiet) return
      const { conversation_name: conversation, id: turn } = row
      const why = code === undefined ? {} : { code }
      publish('agent.turnFinished', { account, conversation, turn, outcome, ...why, at: at.toISOString() })
    }
  }

  #whyUnanswered(row: TurnRow, rows: readonly InboxRow[]): SkipReason | null {
    if (this.#resumed.isStale(rows) && !this.#wasKept(row, rows)) return 'too_old'
    const isForDaemon = rows.every((each) => this.#deps.routing.isCommand(each))
    return isForDaemon ? null : this.#deps.takeover.whySilent(row.conversation)
  }

  /** We were away for too long, so that an answer now would surprise; or a person answers there. */
  #skip(row: TurnRow, rows: readonly InboxRow[], reason: SkipReason): void {
    this.#deps.receipts.forget(row.conversation)
    this.#deps.commits.now(() => {
      for (const { sequence } of rows) this.#deps.inbox.settle(sequence, 'skipped')
      const isHeld = reason === 'taken_over' || reason === 'chat_paused'
      if (isHeld) for (const { sequence } of rows) this.#deps.takeover.missed(sequence)
      const closed = this.#close(row, 'cancelled')
      return () => {
        closed?.()
        for (const { message_id: messageId, conversation_name: conversation, sent_at: sentAt } of rows)
          this.#deps.skipped.add({ messageId, conversation, sentAt }, reason)
      }
    })
  }

  /** It came while we were here, for an agent that lets questions wait: its answer is promised, however late. */
  #wasKept(row: TurnRow, rows: readonly InboxRow[]): boolean {
    const live = rows.find(({ arrival }) => arrival !== 'offline')
    return live !== undefined && this.#presenceFor(row, live) !== null
  }

  /** Of the agent that would answer this message now. */
  #presenceFor(row: TurnRow, message: InboxRow): Presence | null {
    const { routing } = this.#deps
    const order = routing.orderOf(message)
    const { agent } =
      order?.kind === 'addressed'
        ? order
        : routing.answererOf(conversationOf(row), message.sender, message.sent_at)
    return this.#presenceOf(agent)
  }

  #storageFailed(error: unknown): void {
    this.#deps.logger.error({ err: error }, 'a turn could not be stored; it runs again')
    this.#work.restFor(STORAGE_RETRY_MS)
  }
}
