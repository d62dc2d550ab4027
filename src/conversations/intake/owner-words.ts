import { type IncomingContent, shownText } from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { IntakeVerdict } from '../../messaging/sink.ts'
import type { Admission } from './admission.ts'
import { skipReason, type SkipReasonDependencies } from './skip-reason.ts'
import type { MediaStore } from '../media/media-store.ts'
import type { Revisions } from './revisions.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import type { MessageNews } from '../history/message-news.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { UnprovenRecipients } from './unproven-recipients.ts'
import type { Routing } from '../routing/routing.ts'
import type { Takeover } from '../takeover/takeover.ts'

export interface OwnerWordsDependencies extends SkipReasonDependencies {
  account: string
  inbox: InboxStore
  media: Pick<MediaStore, 'note'>
  conversations: Pick<ConversationStore, 'of'>
  admission: Pick<Admission, 'keepsOwnerWords'>
  revisions: Revisions
  commands: Pick<ChatCommands, 'isOfChat' | 'isOwners' | 'executeNow'>
  routing: Pick<Routing, 'orderOf'>
  takeover: Pick<Takeover, 'ownerSpoke'>
  outboxStore: Pick<OutboxStore, 'findRemote'>
  messageNews: Pick<MessageNews, 'updated'>
  commits: CommitGroup
  unproven: Pick<UnprovenRecipients, 'ask'>
  /** Whether the daemon itself sent this: other devices show it as the owner's. */
  isOurs: (remoteId: string) => boolean
  publish: EventPublisher['publish']
  now: () => Date
}

/**
 * Takes in what the account's owner writes to others by hand. It is kept only where the other side may talk at that
 * moment; of every other chat nothing is kept. It starts no turn: agents find it in the history. Words take the chat over; commands do
 * not. Those that are about the whole chat are executed; late, or from a pause, only those for owners.
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
      this.#deps.unproven.ask(message, to, (proven) => this.take(message, proven))
      return 'ignored'
    }
    if (content.kind === 'edit' || content.kind === 'revoke') revisions.take(message, 'owner')
    else this.#record(message, to)
    return 'inboxed'
  }

  #record(message: IncomingMessage, to: IncomingMessage['sender'] | null): void {
    const { inbox, media, conversations, revisions, commits, takeover, routing, now, commands } = this.#deps
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
      if (sequence === null) return undefined
      // Whoever writes in a chat has it open.
      inbox.markRead(conversation.id, sequence)
      const written = this.#written(conversation, latest)
      const { content, chat, sender, sentAt } = latest
      if (revoked || !isSaid(content)) return written
      const spoke = (): Committed =>
        inOrder([written, takeover.ownerSpoke(conversation, 'phone', sentAt.getTime())])
      if (content.kind !== 'message') return spoke()
      media.note(sequence, content.parts, now().getTime())
      const text = shownText(content.parts)
      // Words to the daemon answer nobody; those that it does not know are words to the others.
      const words = { text, chat_kind: chat.kind }
      if (!commands.isOfChat(words)) return routing.orderOf(words)?.kind === 'command' ? written : spoke()
      // Who silenced a chat while we were away wants it to be silent.
      const isObeyed = skipReason(message, this.#deps) === null || commands.isOwners({ text, chat, sender })
      return isObeyed
        ? inOrder([
            written,
            commands.executeNow({ conversation, chat, sender, sequence, text, at: sentAt.getTime() }),
          ])
        : written
    })
  }

  /** Of a reaction it is told with the message that it is to. */
  #written({ name }: Conversation, { id: messageId, content }: IncomingMessage): Committed | undefined {
    const { account, publish, now, outboxStore, messageNews } = this.#deps
    if (content.kind === 'reaction') {
      const own = outboxStore.findRemote(content.targetId)
      return () => messageNews.updated(name, own?.message_id ?? content.targetId)
    }
    return () =>
      publish('message.written', { account, messageId, conversation: name, at: now().toISOString() })
  }
}

/** Whether the owner says something to the others: more than a reaction, or a choice in a poll. */
function isSaid(
  content: IncomingContent,
): content is Extract<IncomingContent, { kind: 'message' | 'unsupported' }> {
  if (content.kind === 'unsupported') return true
  if (content.kind !== 'message') return false
  const details = content.parts.flatMap((part) => (part.kind === 'text' ? (part.details ?? []) : []))
  return !details.some(({ type }) => type === 'vote' || type === 'attendance')
}
