import { readsGroup } from '../../access/group-policy.ts'
import type { SendFailure } from '../../messaging/outcome.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { Admission } from '../intake/admission.ts'
import type { OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import type { TurnQueue } from './turn-queue.ts'
import type { Turns } from './turns.ts'

export interface WithdrawalDependencies {
  conversations: Pick<ConversationStore, 'find'>
  admission: Admission
  queue: TurnQueue
  turns: Turns
  outbox: Outbox
  outboxStore: OutboxStore
  receipts: ReadReceipts
  commits: CommitGroup
  config: () => AccountConfig
}

/** Takes back what was asked and what is not sent yet: turns, waiting messages and replies. Throws `StorageError`. */
export class Withdrawal {
  readonly #deps: WithdrawalDependencies

  constructor(deps: WithdrawalDependencies) {
    this.#deps = deps
  }

  /** In every conversation; `why` its replies do not go out. */
  all(why: SendFailure): void {
    for (const id of this.#pending()) this.#withdraw(id, why)
  }

  /** In one conversation. */
  of(conversation: number, why: SendFailure): void {
    this.#withdraw(conversation, why)
  }

  /** Of people who may not talk now. In groups the requests of the others go on. */
  notAllowed(): void {
    const { conversations, admission, config } = this.#deps
    for (const id of this.#pending()) {
      const conversation = conversations.find(id)
      const mayBeAnswered =
        conversation !== undefined &&
        (conversation.kind === 'group'
          ? !admission.observes('group') && readsGroup(config().groupAccess, conversation.name)
          : admission.allows(conversation, conversation.name))
      if (!mayBeAnswered) this.#withdraw(id, undefined, (row) => !admission.allowsReply(row))
      else if (conversation.kind === 'group') this.#withdrawMembers(conversation)
    }
  }

  #withdraw(id: number, why?: SendFailure, isToCancel?: (row: OutboxRow) => boolean): void {
    const { queue, turns, outbox, receipts } = this.#deps
    receipts.forget(id)
    this.#commit(() => [queue.cancel(id), turns.cancel(id), outbox.cancel(id, why, isToCancel)])
  }

  #withdrawMembers(group: Conversation): void {
    const { turns, outbox, admission } = this.#deps
    this.#commit(() => [
      turns.cancel(group.id, (turn) => {
        const asker = turns.askedBy(turn)
        return asker !== null && !admission.allows(group, asker)
      }),
      outbox.cancel(group.id, undefined, (row) => !admission.allowsReply(row)),
    ])
  }

  #commit(withdraw: () => Committed[]): void {
    this.#deps.commits.now(() => inOrder(withdraw()))
  }

  /** Ids of the conversations in which something is to be answered or sent. */
  #pending(): Set<number> {
    const { queue, outboxStore } = this.#deps
    return new Set([...queue.conversations(), ...outboxStore.queuedConversations()])
  }
}
