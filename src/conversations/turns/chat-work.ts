import type { ReadReceipts } from '../history/read-receipts.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { TurnQueue } from './turn-queue.ts'
import type { Turns } from './turns.ts'

export interface ChatWorkDependencies {
  inbox: Pick<InboxStore, 'pendingCount'>
  queue: Pick<TurnQueue, 'isOpen' | 'cancel' | 'cancelOf'>
  turns: Pick<Turns, 'cancel'>
  outbox: Pick<Outbox, 'discardReplies' | 'withdrawAnswers'>
  receipts: Pick<ReadReceipts, 'forget'>
}

/** What is under way in one conversation, and its end. */
export class ChatWork {
  readonly #deps: ChatWorkDependencies

  constructor(deps: ChatWorkDependencies) {
    this.#deps = deps
  }

  /** `waiting`: messages that have no turn yet. */
  state(conversation: number): { isRunning: boolean; waiting: number } {
    const { inbox, queue } = this.#deps
    return { isRunning: queue.isOpen(conversation), waiting: inbox.pendingCount(conversation) }
  }

  /**
   * Inside of a transaction: ends the open turn, what of answers is not out yet, and the messages that wait for a turn: of this person,
   * or of everybody (`null`).
   */
  stop(
    conversation: number,
    person: string | null,
  ): { isStopped: boolean; waiting: number; committed: Committed } {
    const { turns, outbox } = this.#deps
    const { isRunning } = this.state(conversation)
    // The end of a turn opens the next one: what waits goes first.
    const waiting = this.#cancelWaiting(conversation, person)
    const ended = turns.cancel(conversation)
    const replies = outbox.discardReplies(conversation)
    return {
      isStopped: isRunning || replies.count > 0,
      waiting: waiting.count,
      committed: inOrder([waiting.committed, ended, replies.committed]),
    }
  }

  /**
   * Inside of a transaction: somebody else answers there now. Ends what is under way as `stop` does, and what the daemon itself says to
   * questions; what is on its way goes no further than it has come.
   */
  takeBack(conversation: number): Committed {
    const { queue, turns, outbox, receipts } = this.#deps
    // As above.
    const waiting = queue.cancel(conversation)
    const ended = turns.cancel(conversation)
    const answers = outbox.withdrawAnswers(conversation)
    return inOrder([waiting, ended, answers, () => receipts.forget(conversation)])
  }

  #cancelWaiting(conversation: number, person: string | null): { count: number; committed: Committed } {
    const { inbox, queue } = this.#deps
    if (person !== null) return queue.cancelOf(conversation, person)
    return { count: inbox.pendingCount(conversation), committed: queue.cancel(conversation) }
  }
}
