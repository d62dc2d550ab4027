import { shownText } from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { IntakeVerdict } from '../../messaging/sink.ts'
import type { Admission } from './admission.ts'
import { skipReason, type SkipReasonDependencies } from './skip-reason.ts'
import type { Revisions } from './revisions.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import type { HandOvers } from '../store/hand-overs.ts'
import type { InboxStore } from '../store/inbox-store.ts'

export interface OwnerWordsDependencies extends SkipReasonDependencies {
  inbox: InboxStore
  conversations: Pick<ConversationStore, 'of'>
  admission: Pick<Admission, 'keepsOwnerWords'>
  revisions: Revisions
  commands: Pick<ChatCommands, 'isOfChat' | 'isOwners' | 'executeNow'>
  handOvers: Pick<HandOvers, 'end'>
  commits: CommitGroup
  /** Whether the daemon itself sent this: other devices show it as the owner's. */
  isOurs: (remoteId: string) => boolean
  now: () => Date
}

/**
 * Takes in what the account's owner writes to others by hand. It is kept only where the other side may talk at that
 * moment; of every other chat nothing is kept. It starts no turn: agents find it in the history. Commands that are about the whole chat
 * are executed; late, or from a pause, only those for owners.
 */
export class OwnerWords {
  readonly #deps: OwnerWordsDependencies

  constructor(deps: OwnerWordsDependencies) {
    this.#deps = deps
  }

  /** Written when it returns. Throws `StorageError`. */
  take(message: IncomingMessage, to: IncomingMessage['sender'] | null): IntakeVerdict {
    const { admission, revisions, isOurs } = this.#deps
    const { content, chat } = message
    if (isOurs(message.id)) return 'ignored'
    if (!admission.keepsOwnerWords(chat.kind === 'group' ? { group: chat.address } : { to })) {
      // A deletion has no words, and the assistant's message in question is stored.
      revisions.takeDeletion(message)
      return 'ignored'
    }
    if (content.kind === 'edit' || content.kind === 'revoke') revisions.take(message, 'owner')
    else this.#record(message, to)
    return 'inboxed'
  }

  #record(message: IncomingMessage, to: IncomingMessage['sender'] | null): void {
    const { inbox, conversations, revisions, commits, handOvers, now, commands } = this.#deps
    commits.now(() => {
      const conversation = conversations.of(message.chat, to ?? message.sender)
      const { message: latest, editedAt, revoked } = revisions.latest(conversation.id, message)
      const state = revoked ? 'revoked' : 'recorded'
      const sequence = inbox.insert(latest, {
        conversation: conversation.id,
        author: 'owner',
        state,
        receivedAt: now().getTime(),
        editedAt,
      })
      const { content, chat, sender, sentAt } = latest
      if (sequence === null || revoked || content.kind !== 'message') return undefined
      const text = shownText(content.parts)
      // Words to the daemon answer nobody, and neither does a reaction.
      if (!commands.isOfChat({ text, chat_kind: chat.kind })) return handOvers.end(conversation.id)
      // Who silenced a chat while we were away wants it to be silent.
      const isObeyed = skipReason(message, this.#deps) === null || commands.isOwners({ text, chat, sender })
      return isObeyed
        ? commands.executeNow({ conversation, chat, sender, sequence, text, at: sentAt.getTime() })
        : undefined
    })
  }
}
