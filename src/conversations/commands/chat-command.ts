import type { AccountConfig } from '../../config/model.ts'
import type { ChosenAgents } from '../routing/chosen-agents.ts'
import type { Routing } from '../routing/routing.ts'
import type { Conversation } from '../store/conversation-store.ts'

/** One command that people may write in a chat, for the daemon itself: no agent sees it. */
export interface ChatCommand {
  /** Lower-case letters; a person writes a slash before it. */
  name: string
  /** Further names of it. */
  aliases: readonly string[]
  /** For the documentation: each way to write it, in Markdown, and what that does. */
  help: readonly { usage: string; does: string }[]
  /** Does it, inside of the transaction that ends the turn, and answers the sentence for the chat. */
  execute(request: CommandRequest, deps: CommandDependencies): string
}

export interface CommandRequest {
  /** The text after the name, as it was written; `null` for none. */
  argument: string | null
  conversation: Conversation
  /** Who wrote it, as the inbox names them. */
  person: string
  /** When it was written; milliseconds since 1970. */
  at: number
}

export interface CommandDependencies {
  routing: Routing
  chosen: ChosenAgents
  config: () => AccountConfig
}
