import type { ReplyWriter } from '../replies/reply-writer.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import { conversationOf } from '../store/conversation-store.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { TurnRow } from '../turns/turn-store.ts'
import type { CommandDependencies } from './chat-command.ts'
import { commandNamed } from './registry.ts'

export interface ChatCommandsDependencies extends CommandDependencies {
  replies: ReplyWriter
}

/** Executes what people ask of the daemon itself, and answers each command with a sentence. */
export class ChatCommands {
  readonly #deps: ChatCommandsDependencies

  constructor(deps: ChatCommandsDependencies) {
    this.#deps = deps
  }

  /** Inside of the transaction that ends the turn. `rows` are commands alone. */
  execute(turn: TurnRow, rows: readonly InboxRow[]): Committed {
    const { routing, replies } = this.#deps
    const said = rows.flatMap((row) => {
      const order = routing.orderOf(row)
      const command = order?.kind === 'command' ? commandNamed(order.name) : undefined
      if (order?.kind !== 'command' || command === undefined) return []
      const conversation = conversationOf(row)
      const request = { ...order, conversation, person: row.sender, at: row.sent_at }
      return [replies.say(turn, [row], command.execute(request, this.#deps))]
    })
    return inOrder(said)
  }
}
