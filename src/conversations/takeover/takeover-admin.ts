import type { MessageAuthor } from '../../access/may-send.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { AssistantState } from '../../protocol/conversations/assistant-state.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import { findConversation } from '../store/find-conversation.ts'
import type { AssistantStates } from './assistant-states.ts'
import type { HoldBy } from './hold.ts'
import type { Takeover } from './takeover.ts'

export interface TakeoverAdminDependencies {
  conversations: Pick<ConversationStore, 'find' | 'at'>
  takeover: Pick<Takeover, 'takeOver' | 'resume' | 'setAssistant' | 'mayHandBack'>
  assistants: Pick<AssistantStates, 'of'>
  commits: CommitGroup
}

interface Held {
  conversationId: string
  assistant: AssistantState
}

/**
 * Where people and programs say who answers in a conversation. `named`: as `findConversation` takes it. Stored when it returns. Throws
 * `DaemonError`, and `StorageError` from the disk.
 */
export class TakeoverAdmin {
  readonly #deps: TakeoverAdminDependencies

  constructor(deps: TakeoverAdminDependencies) {
    this.#deps = deps
  }

  /** `minutes`: as `Takeover.takeOver`. */
  takeOver(named: string, by: HoldBy, minutes?: number | null): Held {
    return this.#change(named, (id) => this.#deps.takeover.takeOver(id, by, minutes))
  }

  /** An assistant hands back what it left to a person itself, and nothing else (`forbidden`). */
  resume(named: string, author: MessageAuthor): Held {
    return this.#change(named, (id) => {
      this.#requireMayHandBack(id, author)
      return this.#deps.takeover.resume(id)
    })
  }

  /** As `resume`, for an assistant that switches itself on. */
  setAssistant(named: string, isOn: boolean, author: MessageAuthor): Held {
    return this.#change(named, (id) => {
      if (isOn) this.#requireMayHandBack(id, author)
      return this.#deps.takeover.setAssistant(id, isOn)
    })
  }

  #requireMayHandBack(id: number, author: MessageAuthor): void {
    if (author === 'assistant' && !this.#deps.takeover.mayHandBack(id))
      throw new DaemonError('forbidden', {
        message: 'A person decided who answers in this chat. An assistant cannot change that.',
        action: 'Let a person hand the chat back: in a dashboard, or by /resume.',
      })
  }

  #change(named: string, change: (id: number) => Committed): Held {
    const { conversations, commits, assistants } = this.#deps
    const { id } = findConversation(conversations, named)
    commits.now(() => change(id))
    return { conversationId: String(id), assistant: assistants.of(id) }
  }
}
