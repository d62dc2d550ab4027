import type { Logger } from 'pino'
import type { AccountConfig } from '../../../config/model.ts'
import type { ReplyWriter } from '../../replies/reply-writer.ts'
import type { CommitGroup } from '../../store/commit-group.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import type { TurnRow, TurnStore } from '../turn-store.ts'

interface Waiting {
  row: TurnRow
  rows: readonly InboxRow[]
  timer: NodeJS.Timeout | null
}

export interface WaitingLinesDependencies {
  store: Pick<TurnStore, 'takeWaitingLine'>
  replies: Pick<ReplyWriter, 'waitingLine'>
  commits: CommitGroup
  config: () => Pick<AccountConfig, 'waitingLine'>
  logger: Logger
  now: () => Date
}

/** Says one line to those whose answer takes long and has not begun: once a turn, also over a crash, which its row remembers. */
export class WaitingLines {
  readonly #deps: WaitingLinesDependencies
  /** By the turn's id. */
  readonly #waiting = new Map<string, Waiting>()

  constructor(deps: WaitingLinesDependencies) {
    this.#deps = deps
  }

  /** An agent is asked; `rows` are the messages of the turn. */
  begin(row: TurnRow, rows: readonly InboxRow[]): void {
    const waiting: Waiting = { row, rows, timer: null }
    this.#waiting.set(row.id, waiting)
    this.#schedule(waiting)
  }

  end(turn: string): void {
    const waiting = this.#waiting.get(turn)
    if (waiting === undefined) return
    this.#waiting.delete(turn)
    clear(waiting)
  }

  /** The setting may be another one. */
  settingsChanged(): void {
    for (const waiting of this.#waiting.values()) {
      clear(waiting)
      this.#schedule(waiting)
    }
  }

  #schedule(waiting: Waiting): void {
    const { config, now } = this.#deps
    const { afterSeconds, text } = config().waitingLine
    if (text.trim() === '') return
    const waitedMs = now().getTime() - waiting.row.opened_at
    waiting.timer = setTimeout(() => this.#say(waiting), Math.max(0, afterSeconds * 1_000 - waitedMs))
  }

  #say(waiting: Waiting): void {
    const { store, replies, commits, config, logger } = this.#deps
    const { row, rows } = waiting
    waiting.timer = null
    try {
      commits.now(() =>
        store.takeWaitingLine(row.id) ? replies.waitingLine(row, rows, config().waitingLine.text) : undefined,
      )
    } catch (error) {
      // The answer itself may still be stored.
      logger.error({ err: error }, 'the disk refused to store that an answer takes long')
    }
  }
}

function clear(waiting: Waiting): void {
  if (waiting.timer !== null) clearTimeout(waiting.timer)
  waiting.timer = null
}
