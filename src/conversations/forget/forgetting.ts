import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import { copiesOf } from '../../storage/database/copies/set-aside.ts'
import type { Database } from '../../storage/database/database.ts'
import { SerialWork } from '../../timing/serial-work.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { MessageClock } from '../message-clock.ts'
import type { MediaFetcher } from '../media/media-fetcher.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { SEND_FAILURES } from '../outbox/send-failures.ts'
import type { Typing } from '../replies/typing.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'
import type { TurnStore } from '../turns/turn-store.ts'
import type { Turns } from '../turns/turns.ts'
import type { SearchUpkeep } from '../search/search-upkeep.ts'
import type { ForgetMarks } from './forget-marks.ts'
import type { ForgottenPeople } from './forgotten-people.ts'
import type { Forgotten } from './forgotten.ts'
import { type ForgottenCount, ForgottenRows } from './forgotten-rows.ts'

/** While another program reads the file its log cannot be emptied; a backup takes seconds. */
const LOG_ATTEMPTS = 20
const LOG_RETRY_MS = 500
/** Others are let in between: the file may have hundreds of megabytes. */
const SLICE_MS = 8

export interface ForgettingDependencies {
  account: string
  database: Database
  marks: ForgetMarks
  forgottenPeople: Pick<ForgottenPeople, 'add'>
  commits: CommitGroup
  inbox: Pick<InboxStore, 'ofTurn'>
  turnStore: Pick<TurnStore, 'openTurnsOf'>
  queue: Pick<TurnQueue, 'cancel' | 'cancelOf'>
  turns: Pick<Turns, 'cancel' | 'restart'>
  outbox: Pick<Outbox, 'cancel'>
  receipts: Pick<ReadReceipts, 'forget'>
  typing: Pick<Typing, 'end'>
  fetcher: Pick<MediaFetcher, 'remove' | 'settled'>
  mediaFiles: Pick<MediaFiles, 'removeSentWith' | 'repair'>
  searchUpkeep: Pick<SearchUpkeep, 'erased'>
  transport: Pick<Transport, 'forget' | 'keepsWordsOf'>
  /** Events that name one of these conversations or people are on the disk no more when this returns. Throws `StorageError`. */
  publish: EventPublisher['publish']
  /** Nobody waits for a person there any more. */
  attentionChanged: () => void
  eraseEvents: (names: readonly string[]) => void
  logger: Logger
  clock: Pick<MessageClock, 'now'>
  now: () => Date
}

/** What forgetting somebody erases, or has erased. */
export interface ForgetSummary extends ForgottenCount {
  /** Names of older copies of the account's file, which may hold their words, too. */
  copies: string[]
}

/**
 * Erases what somebody said so that no byte of it stays in the state directory, while everything runs. First, in one transaction with a
 * mark, every row that holds their words; then their files, events that name them, older copies of the account's file, and the bytes that
 * erased rows leave in it. What a crash or the disk keeps from being done is done with the next start.
 */
export class Forgetting {
  readonly #deps: ForgettingDependencies
  readonly #work = new SerialWork(() => new DaemonError('rate_limited'))

  constructor(deps: ForgettingDependencies) {
    this.#deps = deps
  }

  /** What would be erased; `null` where nothing is stored of them. Throws `StorageError`. */
  preview(who: Forgotten): ForgetSummary | null {
    const { database, transport } = this.#deps
    const rows = new ForgottenRows(database, who)
    return rows.isKnown || transport.keepsWordsOf(who.people)
      ? { ...rows.count(), copies: copiesOf(database.path) }
      : null
  }

  /**
   * Resolves when nothing of it is on the disk; with `null` where nothing is stored of them. Rejects with `DaemonError`
   * (`storage_error`) and `StorageError`; what is left is tried again then.
   */
  async forget(who: Forgotten): Promise<ForgetSummary | null> {
    return this.#work.run(async () => {
      const summary = this.preview(who)
      if (summary !== null) this.#erase(who)
      await this.#finish()
      return summary
    })
  }

  /** Finishes what an earlier life began. Never throws. */
  resume(): void {
    const { marks, logger } = this.#deps
    const failed = (error: unknown): void =>
      logger.error(
        { err: error },
        'what was forgotten could not be overwritten on the disk yet; it is tried again',
      )
    try {
      if (marks.all().length > 0) this.#work.run(() => this.#finish()).catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  #erase(who: Forgotten): void {
    const { database, commits, marks, forgottenPeople, transport, fetcher, mediaFiles } = this.#deps
    const { attentionChanged, clock, now } = this.#deps
    commits.now(() => {
      const rows = new ForgottenRows(database, who)
      const { localIds, inboxWithFiles } = rows
      const effects = [
        this.#withdraw(who, rows),
        ...inboxWithFiles.map((sequence) => fetcher.remove(sequence)),
        ...localIds.map((messageId) => mediaFiles.removeSentWith(messageId)),
      ]
      const at = now().getTime()
      marks.add(who, at)
      // Compared with when messages were sent, by WhatsApp's clock.
      forgottenPeople.add(who, clock.now())
      transport.forget(who.people, localIds)
      rows.erase(at)
      return inOrder([...effects, attentionChanged])
    })
    commits.durable()
  }

  /** Inside of a transaction: nothing of theirs is answered, and no answer to them goes out. */
  #withdraw({ conversation, people }: Forgotten, rows: ForgottenRows): Committed {
    const { queue, turns, outbox, receipts, typing } = this.#deps
    const elsewhere = rows.busyElsewhere.map((id) => this.#withdrawFrom(id, people, rows))
    if (conversation === null) return inOrder(elsewhere)
    const { id } = conversation
    return inOrder([
      ...elsewhere,
      // The end of a turn opens the next one: what waits goes first.
      queue.cancel(id),
      turns.cancel(id),
      outbox.cancel(id, SEND_FAILURES.forgotten),
      () => {
        receipts.forget(id)
        typing.end(id)
      },
    ])
  }

  /** In a group: of a turn that also asks for others, these are answered. */
  #withdrawFrom(group: number, people: readonly string[], rows: ForgottenRows): Committed {
    const { queue, turns, turnStore, inbox, outbox } = this.#deps
    const waiting = people.map((person) => queue.cancelOf(group, person).committed)
    const asked = turnStore.openTurnsOf(group).map(({ id }) => ({ id, messages: inbox.ofTurn(id) }))
    const isWhole = ({ messages }: (typeof asked)[number]): boolean =>
      messages.every((message) => rows.isTheirs(message))
    const whole = new Set(asked.filter(isWhole).map(({ id }) => id))
    const shared = asked.filter(
      (turn) => !isWhole(turn) && turn.messages.some((message) => rows.isTheirs(message)),
    )
    return inOrder([
      ...waiting,
      ...shared.map(({ id }) => turns.restart(group, id)),
      turns.cancel(group, ({ id }) => whole.has(id)),
      outbox.cancel(group, SEND_FAILURES.forgotten, (row) => rows.answersThem(row)),
    ])
  }

  async #finish(): Promise<void> {
    const { marks, commits, fetcher, mediaFiles, eraseEvents, publish, account, now } = this.#deps
    const open = marks.all()
    if (open.length === 0) return
    await fetcher.settled()
    await mediaFiles.repair()
    for (const { conversation } of open)
      publish('conversation.forgotten', {
        account,
        conversationId: conversation === null ? null : String(conversation),
        at: now().toISOString(),
      })
    eraseEvents(open.flatMap(({ addresses }) => addresses))
    await this.#overwrite()
    commits.now(() => {
      for (const { sequence } of open) marks.remove(sequence)
      return undefined
    })
    await this.#untilDone(() => this.#deps.database.truncateLog())
  }

  async #overwrite(): Promise<void> {
    const { database, commits, searchUpkeep } = this.#deps
    commits.flush()
    await searchUpkeep.erased()
    await this.#untilDone(() => database.overwriteFreeSpace(SLICE_MS, nextTurn))
  }

  /** Tries again while another program reads the file. Rejects with `DaemonError` and `StorageError`. */
  async #untilDone(work: () => boolean | Promise<boolean>): Promise<void> {
    const { database } = this.#deps
    for (let attempt = 0; attempt <= LOG_ATTEMPTS; attempt += 1) {
      if (await work()) return
      await new Promise((resolve) => setTimeout(resolve, LOG_RETRY_MS))
    }
    throw new DaemonError('storage_error', {
      message: `What was said is erased, but another program reads ${database.path}, so that its log still holds old bytes.`,
      action: 'End that program (a backup?), or restart the daemon: it finishes what is left by itself.',
    })
  }
}
