import type { Logger } from 'pino'
import type { EventPublisher } from '../../protocol/events.ts'
import { DatabaseClosed } from '../../storage/database/database.ts'
import type { Conversation, ConversationStore, Merge } from '../store/conversation-store.ts'
import type { AssistantStates } from '../takeover/assistant-states.ts'
import type { GroupTitles } from '../store/group-titles.ts'

/** Changes in such quick succession are one event. */
const GATHER_MS = 100
/** More conversations than this do not wait. */
const MAX_GATHERED = 1_000

export interface ConversationNewsDependencies {
  account: string
  conversations: Pick<ConversationStore, 'find'>
  titles: Pick<GroupTitles, 'of'>
  assistants: Pick<AssistantStates, 'of'>
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/**
 * Says that conversations changed (`conversation.updated`): what was said, what is unread, who answers. Whoever changes something calls
 * `changed` once that is committed. What is lost with the process is found by reading the list again.
 */
export class ConversationNews {
  readonly #deps: ConversationNewsDependencies
  readonly #changed = new Set<number>()
  #timer: NodeJS.Timeout | null = null

  constructor(deps: ConversationNewsDependencies) {
    this.#deps = deps
  }

  changed(conversation: number): void {
    this.#changed.add(conversation)
    if (this.#changed.size >= MAX_GATHERED) this.#flushSafely()
    else this.#timer ??= setTimeout(() => this.#flushSafely(), GATHER_MS)
  }

  /** Two conversations became one. */
  merged({ from, into }: Merge): void {
    this.#changed.delete(from)
    const conversation = this.#deps.conversations.find(into)
    if (conversation !== undefined) this.#publish(conversation, from)
  }

  /** Publishes what is gathered. Never throws. */
  stop(): void {
    this.#flushSafely()
  }

  /** Publishes what is gathered. Throws `StorageError`. */
  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const id of changed) {
      const conversation = this.#deps.conversations.find(id)
      if (conversation !== undefined) this.#publish(conversation)
    }
  }

  #flushSafely(): void {
    try {
      this.#flush()
    } catch (error) {
      // Closed meanwhile: nobody asks for the conversations of this account now.
      if (!(error instanceof DatabaseClosed))
        this.#deps.logger.error({ err: error }, 'that conversations changed cannot be told')
    }
  }

  #publish({ id, name }: Conversation, formerId?: number): void {
    const { account, publish, titles, assistants, now } = this.#deps
    const conversationName = titles.of(name)
    publish('conversation.updated', {
      account,
      conversation: name,
      ...(conversationName !== null && { conversationName }),
      conversationId: String(id),
      ...(formerId !== undefined && { formerId: String(formerId) }),
      at: now().toISOString(),
      assistant: assistants.of(id),
    })
  }
}
