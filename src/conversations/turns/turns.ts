import type { Logger } from 'pino'
import { type Agent, DEFAULT_REPLY_TIMEOUT_MS, type HistoryMessage } from '../../agents/agent.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { Database } from '../../storage/database/database.ts'
import { StorageError } from '../../storage/storage-error.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import { readHistory } from '../history/history.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import { streamReply } from '../replies/reply-stream.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import type { Routing } from '../routing/routing.ts'
import { toTurn } from './to-turn.ts'
import { TurnAborted } from './turn-aborted.ts'
import type { TurnQueue } from './turn-queue.ts'
import { chatOf, type TurnOutcome, type TurnRow, type TurnStore } from './turn-store.ts'
import type { Typing } from '../replies/typing.ts'

/** Turns that run side by side in one account. */
const MAX_RUNNING = 4
/** After the disk refused a write. */
const STORAGE_RETRY_MS = 5_000
const MINUTE_MS = 60_000

export interface TurnsDependencies {
  account: string
  database: Database
  inbox: InboxStore
  store: TurnStore
  queue: TurnQueue
  commits: CommitGroup
  replies: ReplyWriter
  routing: Routing
  commands: ChatCommands
  typing: Typing
  receipts: ReadReceipts
  config: () => AccountConfig
  agentFor: (id: string) => Agent
  isAllowed: (conversation: string, person: string) => boolean
  /** A turn is over, whatever came of it. */
  closed: () => void
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

interface Running {
  abort: AbortController
  done: Promise<void>
}

/**
 * Runs open turns: in order within a conversation, four conversations side by side. A reply and the end of its turn are
 * one commit; a turn that a crash or a shutdown interrupts runs again under the same id.
 */
export class Turns {
  readonly #deps: TurnsDependencies
  readonly #running = new Map<string, Running>()
  /** Turns from before this process began. */
  readonly #resumed = new Set<string>()
  #scheduled: NodeJS.Immediate | null = null
  #retry: NodeJS.Timeout | null = null
  #started = false

  constructor(deps: TurnsDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#started = true
    for (const { id } of this.#deps.store.openTurns(-1)) this.#resumed.add(id)
    this.wake()
  }

  /** Interrupts what runs; it stays open. */
  async stop(): Promise<void> {
    this.#started = false
    if (this.#scheduled !== null) clearImmediate(this.#scheduled)
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#scheduled = null
    this.#retry = null
    for (const { abort } of this.#running.values()) abort.abort(new TurnAborted('shutdown'))
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  /** Starts turns soon: never within the caller, who may be a listener of the transport. */
  wake(): void {
    if (!this.#started || this.#retry !== null) return
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = null
      this.#startTurns()
    })
  }

  /** Inside of a transaction: ends the open turn of a conversation, whether it runs or waits. */
  cancel(conversation: string): Committed {
    const row = this.#deps.store.openTurnOf(conversation)
    const closed = row === undefined ? undefined : this.#close(row, 'cancelled')
    return () => {
      this.#running.get(conversation)?.abort.abort(new TurnAborted('cancelled'))
      closed?.()
    }
  }

  /** Whether this turn of the conversation is still to be answered. */
  isOpen(conversation: string, turn: string): boolean {
    return this.#deps.store.openTurnOf(conversation)?.id === turn
  }

  /** The person who asked in the open turn of a conversation; `null` without one. */
  askedBy(conversation: string): string | null {
    const turn = this.#deps.store.openTurnOf(conversation)
    return turn === undefined ? null : (this.#deps.inbox.ofTurn(turn.id)[0]?.sender ?? null)
  }

  /** Inside of a transaction: a message of this open turn is gone, and nothing of its answer is out. */
  restart(conversation: string, turn: string): Committed {
    this.#deps.store.resetParagraphs(turn)
    return () => this.#running.get(conversation)?.abort.abort(new TurnAborted('revised'))
  }

  #startTurns(): void {
    try {
      while (this.#running.size < MAX_RUNNING) {
        const row = this.#deps.store
          .openTurns(this.#running.size + 1)
          .find(({ conversation }) => !this.#running.has(conversation))
        if (row === undefined) return
        const abort = new AbortController()
        // The entry comes first: a turn that ends at once must find it.
        const running: Running = { abort, done: Promise.resolve() }
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
    const { inbox, isAllowed, config, typing, receipts, publish, account, now, logger } = this.#deps
    const rows = inbox.ofTurn(row.id)
    const [first] = rows
    if (first === undefined || !isAllowed(row.conversation, first.sender))
      return this.#finish(row, 'cancelled')
    if (this.#resumed.delete(row.id) && this.#isStale(rows)) return this.#skip(row, rows)
    const { conversation, id: turn } = row
    if (row.chat_kind !== 'self') receipts.send(conversation)
    try {
      if (rows.every((each) => this.#deps.routing.isCommand(each))) return this.#execute(row, rows)
      const routed = this.#deps.routing.take(row, rows)
      // An assistant may act on what it is asked: the question must not be forgotten then.
      this.#deps.commits.durable()
      publish('agent.turnStarted', { account, conversation, turn, at: now().toISOString() })
      // In a group strangers would see it, too.
      if (row.chat_kind === 'direct' && config().typing) typing.begin(conversation, chatOf(row))
      await this.#answer(row, routed, abort)
    } catch (error) {
      const why = abort.signal.reason instanceof TurnAborted ? abort.signal.reason.why : null
      if (why === 'shutdown' || why === 'cancelled' || why === 'revised') return
      if (error instanceof StorageError) throw error
      logger.warn({ err: why === 'deadline' ? abort.signal.reason : error, turn }, 'the assistant failed')
      this.#fail(row, rows)
    } finally {
      if (!this.#deps.queue.isOpen(conversation)) {
        typing.leave(conversation)
        this.#deps.replies.settled(conversation)
      }
    }
  }

  /** What is asked of the daemon itself is no turn of an assistant, and none is reported. */
  #execute(row: TurnRow, rows: readonly InboxRow[]): void {
    this.#deps.commits.now(() => {
      const said = this.#deps.commands.execute(row, rows)
      const closed = this.#close(row, 'answered', { quiet: true })
      return () => {
        said()
        closed?.()
      }
    })
  }

  #fail(row: TurnRow, rows: readonly InboxRow[]): void {
    this.#deps.commits.now(() => {
      const closed = this.#close(row, 'failed')
      const queued = closed === undefined ? undefined : this.#deps.replies.apologise(row, rows)
      return () => {
        queued?.()
        closed?.()
      }
    })
  }

  async #answer(
    row: TurnRow,
    { agent: agentId, asked: rows }: { agent: string; asked: readonly InboxRow[] },
    abort: AbortController,
  ): Promise<void> {
    const { config, agentFor, account, replies, commits, store, now } = this.#deps
    const { blockStreaming } = config()
    const agent = agentFor(agentId)
    const { timeoutMs = DEFAULT_REPLY_TIMEOUT_MS } = agent
    const timer = setTimeout(() => abort.abort(new TurnAborted('deadline')), timeoutMs)
    let paragraphsOut = row.paragraphs_out
    try {
      const rest = await streamReply({
        agent,
        turn: toTurn(row, rows, {
          account,
          deadline: new Date(now().getTime() + timeoutMs),
          readHistory: (before) => this.#readHistory(row, before),
        }),
        signal: abort.signal,
        skip: row.paragraphs_out,
        paragraphs: blockStreaming
          ? null
          : (text, count) => {
              abort.signal.throwIfAborted()
              commits.now(() => {
                const queued = replies.add(row, rows, { text, first: paragraphsOut === 0, agent })
                store.addParagraphs(row.id, count)
                return queued.committed
              })
              paragraphsOut += count
            },
      })
      // It may have been ended since the last word came.
      abort.signal.throwIfAborted()
      commits.now(() => {
        const queued = replies.add(row, rows, { text: rest, first: paragraphsOut === 0, agent })
        const closed = this.#close(row, queued.count + paragraphsOut > 0 ? 'answered' : 'silent')
        return () => {
          queued.committed()
          closed?.()
        }
      })
    } finally {
      clearTimeout(timer)
    }
  }

  #readHistory({ conversation, chat_kind }: TurnRow, before: number): HistoryMessage[] {
    const { config, database, routing } = this.#deps
    const { historyLimit, dmHistoryLimit } = config()
    const limit = chat_kind === 'group' ? historyLimit : dmHistoryLimit
    const isCommand = (text: string): boolean => routing.isCommand({ text, chat_kind })
    return readHistory(database, { conversation, before, limit }, isCommand)
  }

  #finish(row: TurnRow, outcome: TurnOutcome): void {
    this.#deps.commits.now(() => this.#close(row, outcome))
  }

  /** Inside of a transaction. Opens the conversation's next turn. */
  #close(
    row: TurnRow,
    outcome: TurnOutcome,
    { quiet = false }: { quiet?: boolean } = {},
  ): Committed | undefined {
    const { store, queue, publish, account, now } = this.#deps
    const at = now()
    if (!store.finish(row.id, outcome, at.getTime())) return undefined
    const next = queue.next(row.conversation)
    return () => {
      next()
      this.#deps.closed()
      if (quiet) return
      const { conversation, id: turn } = row
      publish('agent.turnFinished', { account, conversation, turn, outcome, at: at.toISOString() })
    }
  }

  /** We were away for too long: an answer now would surprise. */
  #skip(row: TurnRow, rows: readonly InboxRow[]): void {
    this.#deps.receipts.forget(row.conversation)
    this.#deps.commits.now(() => {
      for (const { sequence } of rows) this.#deps.inbox.settle(sequence, 'skipped')
      return this.#close(row, 'cancelled')
    })
  }

  #isStale(rows: readonly InboxRow[]): boolean {
    const oldest = this.#deps.now().getTime() - this.#deps.config().catchUpMaxAgeMinutes * MINUTE_MS
    return rows.every(({ sent_at }) => sent_at < oldest)
  }

  #storageFailed(error: unknown): void {
    this.#deps.logger.error({ err: error }, 'a turn could not be stored; it runs again')
    if (!this.#started || this.#retry !== null) return
    this.#retry = setTimeout(() => {
      this.#retry = null
      this.wake()
    }, STORAGE_RETRY_MS)
  }
}
