import { senderNameAsWritten } from '../../config/as-written.ts'
import { isObserved } from '../../access/is-observed.ts'
import { mayBeAnswered } from '../../access/may-be-answered.ts'
import { shownText, textOf } from '../../messaging/content.ts'
import { provenNumber } from '../../messaging/identity.ts'
import { type IncomingMessage, referenceTo } from '../../messaging/incoming-message.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import type { AckReactions } from '../reactions/ack-reactions.ts'
import type { ChatStates } from '../store/chat-states.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import { personOf } from '../store/person.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { LoopBreaker } from '../outbox/loop-breaker.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import { skipReason, type SkipReasonDependencies } from './skip-reason.ts'
import type { SkippedMessages, SkipReason } from './skipped-messages.ts'
import type { Revisions } from './revisions.ts'
import type { Routing } from '../routing/routing.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'

export interface IntakeDependencies extends SkipReasonDependencies {
  account: string
  inbox: InboxStore
  conversations: Pick<ConversationStore, 'of'>
  queue: TurnQueue
  commits: CommitGroup
  loops: LoopBreaker
  receipts: ReadReceipts
  replies: ReplyWriter
  revisions: Pick<Revisions, 'latest'>
  routing: Pick<Routing, 'heard' | 'isCommand'>
  commands: Pick<ChatCommands, 'isAtOnce' | 'isOwners' | 'executeNow'>
  chats: Pick<ChatStates, 'isPaused'>
  acks: Pick<AckReactions, 'add'>
  skipped: Pick<SkippedMessages, 'add'>
  publish: EventPublisher['publish']
  now: () => Date
}

/** A message with its row in the inbox, and where its replies go. */
interface Arrival {
  conversation: Conversation
  message: IncomingMessage
  sequence: number
  /** Whether its sender expects to hear something. */
  isAsked: boolean
  now: number
}

/** Takes in what allowed people write: once each, whatever is delivered again and in whatever form. */
export class Intake {
  readonly #deps: IntakeDependencies

  constructor(deps: IntakeDependencies) {
    this.#deps = deps
  }

  /** Written when it returns, durable with the next commit. Throws `StorageError`. */
  take(received: IncomingMessage): void {
    const { commits, inbox, conversations, revisions, config, publish, account, now, routing } = this.#deps
    const receivedAt = now()
    const late = this.#skipReason(received)
    commits.now(() => {
      const conversation = conversations.of(received.chat, received.sender)
      const { message, editedAt, revoked } = revisions.latest(conversation.id, received)
      const reason = late ?? this.#pauseReason(conversation, message)
      const startsTurn = !revoked && this.#startsTurn(message)
      const state = revoked ? 'revoked' : !startsTurn ? 'recorded' : reason !== null ? 'skipped' : 'pending'
      const row = {
        conversation: conversation.id,
        state,
        receivedAt: receivedAt.getTime(),
        editedAt,
      } as const
      const sequence = inbox.insert(message, row)
      if (sequence === null) return undefined
      if (message.content.kind !== 'reaction')
        routing.heard(conversation.id, personOf(message.sender), message.sentAt.getTime())
      const isAsked = startsTurn || this.#isUnreadable(message)
      const arrival: Arrival = { conversation, message, sequence, isAsked, now: receivedAt.getTime() }
      const settled = revoked
        ? undefined
        : reason !== null
          ? this.#skip(arrival, reason)
          : startsTurn
            ? this.#queue(arrival)
            : this.#record(arrival)
      return () => {
        const { id: messageId, sender } = message
        const name = senderNameAsWritten(config(), sender.displayName)
        const phoneNumber = provenNumber(sender)
        const at = receivedAt.toISOString()
        const { name: shown } = conversation
        publish('message.received', { account, messageId, conversation: shown, phoneNumber, name, at })
        settled?.()
      }
    })
  }

  /** Why what this message asks is left unanswered; `null` where it is not. */
  #skipReason(message: IncomingMessage): 'paused' | 'too_old' | null {
    const { content, chat, sender } = message
    const reason = skipReason(message, this.#deps)
    if (reason !== 'too_old') return reason
    // Who silenced a chat while we were away wants it to be silent.
    return this.#deps.commands.isOwners({ text: wordsOf(content), chat, sender }) ? null : reason
  }

  /** In a paused chat commands alone are answered. */
  #pauseReason({ id }: Conversation, { content, chat }: IncomingMessage): 'chat_paused' | null {
    const { chats, routing } = this.#deps
    if (!chats.isPaused(id)) return null
    return routing.isCommand({ text: wordsOf(content), chat_kind: chat.kind }) ? null : 'chat_paused'
  }

  /** Reported where it would have been answered. */
  #skip({ conversation, message, isAsked }: Arrival, reason: SkipReason): Committed | undefined {
    if (!isAsked) return undefined
    const { id: messageId, sentAt } = message
    const skipped = { messageId, conversation: conversation.name, sentAt: sentAt.getTime() }
    return () => this.#deps.skipped.add(skipped, reason)
  }

  #startsTurn({ content, chat, mentionsUs, sender }: IncomingMessage): boolean {
    if (content.kind !== 'message') return false
    // A file without words is for the others in a group, unless it answers the assistant.
    const isHeard =
      textOf(content.parts).trim() !== '' || (mentionsUs && shownText(content.parts).trim() !== '')
    if (!isHeard) return false
    const group = chat.kind === 'group' ? chat.address : null
    return mayBeAnswered(this.#deps.config(), { group, mentionsUs, isSelf: chat.kind === 'self' }, sender)
  }

  #queue(arrival: Arrival): Committed | undefined {
    const { queue, inbox, receipts, routing, acks, commands } = this.#deps
    const { conversation, message, sequence } = arrival
    const { chat, content } = message
    const text = wordsOf(content)
    const obstacle = this.#obstacle(arrival)
    if (obstacle !== 'loop' && commands.isAtOnce({ text, chat_kind: chat.kind }))
      return this.#execute(arrival)
    if (obstacle !== null) {
      inbox.settle(sequence, 'skipped')
      return this.#skip(arrival, obstacle)
    }
    const added = queue.add(conversation.id, { sequence, chat: chat.address, chat_kind: chat.kind })
    // A command is answered at once: there is nothing to be patient for.
    const acked = routing.isCommand({ text, chat_kind: chat.kind }) ? undefined : acks.add(sequence, message)
    return () => {
      acked?.()
      if (chat.kind !== 'self') receipts.add(conversation.id, referenceTo(message))
      added()
    }
  }

  /** A command that does not wait behind what is asked there. */
  #execute({ conversation, message, sequence }: Arrival): Committed {
    const { commands, inbox, receipts } = this.#deps
    const { chat, sender, content, sentAt } = message
    const asked = { conversation, chat, sender, sequence, text: wordsOf(content), at: sentAt.getTime() }
    inbox.settle(sequence, 'recorded')
    const executed = commands.executeNow(asked)
    return () => {
      if (chat.kind !== 'self') {
        receipts.add(conversation.id, referenceTo(message))
        // Not within the transport's own call.
        setImmediate(() => receipts.send(conversation.id))
      }
      executed()
    }
  }

  #obstacle({ conversation, message, now }: Arrival): 'too_many' | 'loop' | null {
    if (!this.#deps.queue.hasRoom(conversation.id)) return 'too_many'
    const { content, chat } = message
    const text = wordsOf(content)
    const verdict = this.#deps.loops.judge(conversation.id, chat.kind, text, now)
    return verdict === 'answer' ? null : 'loop'
  }

  /** What starts no turn. Whoever sends a picture without a word gets the notice that it was not seen. */
  #record({ conversation, message, sequence }: Arrival): Committed | undefined {
    const { chat } = message
    if (!this.#isUnreadable(message)) return undefined
    const { receipts, replies } = this.#deps
    const place = { conversation, chat, turn: null, afterInbox: sequence }
    const noticed = replies.notice(place, 'unsupported')
    return () => {
      if (chat.kind !== 'self') {
        receipts.add(conversation.id, referenceTo(message))
        // Not within the transport's own call.
        setImmediate(() => receipts.send(conversation.id))
      }
      noticed?.()
    }
  }

  /** Files without a word, and what nobody can say anything of; in a group only what addresses the account. */
  #isUnreadable({ content, chat, mentionsUs }: IncomingMessage): boolean {
    if (isObserved(this.#deps.config(), chat)) return false
    if (chat.kind === 'group' && !mentionsUs) return false
    if (content.kind === 'unsupported') return true
    if (content.kind !== 'message' || textOf(content.parts).trim() !== '') return false
    return content.parts.some(({ kind }) => kind === 'attachment')
  }
}

function wordsOf(content: IncomingMessage['content']): string {
  return content.kind === 'message' ? shownText(content.parts) : ''
}
