import type { AccountConfig } from '../../config/model.ts'
import type { PlainSentence, Sentences } from '../notices/sentences.ts'
import type { OwnerQuestions } from '../permissions/owner-questions.ts'
import type { ChosenAgent, ChosenModel, StickyChoices } from '../routing/sticky-choices.ts'
import type { Routing } from '../routing/routing.ts'
import type { PairingAdmin } from '../pairing/pairing-admin.ts'
import type { ChatStates } from '../store/chat-states.ts'
import type { Committed } from '../store/commit-group.ts'
import type { Conversation } from '../store/conversation-store.ts'
import type { Takeover } from '../takeover/takeover.ts'
import type { ChatWork } from '../turns/chat-work.ts'

/** One command that people may write in a chat, for the daemon itself: no agent sees it. */
export interface ChatCommand {
  /** Lower-case letters; a person writes a slash before it. */
  name: string
  /** Further names of it. */
  aliases: readonly string[]
  /** Whether it is for owners of the account alone (`access/is-owner.ts`). */
  forOwners?: boolean
  /** Executed when it arrives, also while a turn runs; otherwise in its turn, behind what was asked before it. */
  atOnce?: boolean
  /** It is about the whole chat: the account's own phone may write it there, also to somebody else. */
  ofChat?: boolean
  /** Each way to write it, and the sentence that says what that does. For `/help` and the documentation. */
  help: readonly { usage: readonly string[]; does: PlainSentence }[]
  /**
   * Does it, inside of a transaction, and answers the sentence for the chat, with what must follow the commit. `null`: the sentence comes
   * later, from what follows.
   */
  execute(
    request: CommandRequest,
    deps: CommandDependencies,
  ): string | { text: string | null; committed: Committed }
}

export interface CommandRequest {
  /** The text after the name, as it was written; `null` for none. */
  argument: string | null
  conversation: Conversation
  /** Who wrote it, as the inbox names them. */
  person: string
  isOwner: boolean
  /** When it was written; milliseconds since 1970. */
  at: number
  /** Its row in the inbox. */
  sequence: number
}

export interface CommandDependencies {
  account: string
  routing: Routing
  chosen: StickyChoices<ChosenAgent>
  models: StickyChoices<ChosenModel>
  /** What the server of an agent says of its models; empty where it says nothing. */
  serverModels: (agent: string) => readonly string[]
  chats: ChatStates
  takeover: Pick<Takeover, 'of' | 'isPaused' | 'whySilent' | 'takeOver' | 'setAssistant'>
  work: Pick<ChatWork, 'state' | 'stop'>
  pairingAdmin: Pick<PairingAdmin, 'approveLater'>
  questions: Pick<OwnerQuestions, 'answer'>
  /** All of them, for `/help`. */
  commands: readonly ChatCommand[]
  config: () => AccountConfig
  /** In the language of the account. */
  sentences: () => Sentences
  now: () => Date
}
