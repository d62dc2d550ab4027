import { senderNameAsWritten } from '../../config/as-written.ts'
import { isObserved } from '../../access/is-observed.ts'
import { mayBeAnswered } from '../../access/may-be-answered.ts'
import { shownText, textOf, VIEW_ONCE } from '../../messaging/content.ts'
import { provenNumber } from '../../messaging/identity.ts'
import { type IncomingMessage, referenceTo } from '../../messaging/incoming-message.ts'
import type { MessageDetail } from '../../protocol/agent/message-detail.ts'
import type { AccountCounts } from '../../observability/metrics/account-counts.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import type { AckReactions } from '../reactions/ack-reactions.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import { personOf } from '../store/person.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { MediaFetcher } from '../media/media-fetcher.ts'
import type { MediaStore } from '../media/media-store.ts'
import type { LoopBreaker } from '../outbox/loop-breaker.ts'
import type { MessageNews } from '../history/message-news.ts'
import type { ReadReceipts } from '../history/read-receipts.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { ReadMarks } from '../read-model/read-marks.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import { skipReason, type SkipReasonDependencies } from './skip-reason.ts'
import type { SkippedMessages, SkipReason } from './skipped-messages.ts'
import type { Revisions } from './revisions.ts'
import type { Routing } from '../routing/routing.ts'
import type { HoldSkip, Takeover } from '../takeover/takeover.ts'
import type { TurnQueue } from '../turns/turn-queue.ts'
import type { UsageStore } from '../usage/usage-store.ts'

export interface IntakeDependencies extends SkipReasonDependencies {
  account: string
  inbox: InboxStore
  media: Pick<MediaStore, 'note'>
  fetcher: Pick<MediaFetcher, 'begin'>
  conversations: Pick<ConversationStore, 'of'>
  queue: TurnQueue
  commits: CommitGroup
  loops: LoopBreaker
  receipts: ReadReceipts
  replies: ReplyWriter
  revisions: Pick<Revisions, 'latest'>
  routing: Pick<Routing, 'heard' | 'isCommand'>
  commands: Pick<ChatCommands, 'isAtOnce' | 'isOwners' | 'executeNow'>
  takeover: Pick<Takeover, 'whySilent' | 'missed'>
  acks: Pick<AckReactions, 'add'>
  skipped: Pick<SkippedMessages, 'add'>
  usage: Pick<UsageStore, 'add'>
  outboxStore: Pick<OutboxStore, 'findRemote'>
  readMarks: Pick<ReadMarks, 'arrived'>
  messageNews: Pick<MessageNews, 'updated'>
  counts: Pick<AccountCounts, 'duplicates'>
  publish: EventPublisher['publish']
  now: () => Date
}

/** Phones send a place that moves again and again; one that was not sent for so long is shared anew. */
const SHARED_PLACE_MS = 15 * 60_000

type MessageContent = Extract<IncomingMessage['content'], { kind: 'message' }>

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
    const { commits, inbox, media, conversations, revisions, config, publish, account, now } = this.#deps
    const { routing, takeover } = this.#deps
    const receivedAt = now()
    const late = this.#skipReason(received)
    commits.now(() => {
      const conversation = conversations.of(received.chat, received.sender)
      const { message, editedAt, revoked } = revisions.latest(conversation.id, received)
      const reason = late ?? this.#holdReason(conversation, message)
      const siblings = this.#siblings(conversation, message)
      const startsTurn =
        !revoked &&
        (this.#startsTurn(message) || siblings.some(({ state: of }) => of === 'pending' || of === 'turn')) &&
        !this.#isFurtherPlace(conversation, message)
      const state = revoked ? 'revoked' : !startsTurn ? 'recorded' : reason !== null ? 'skipped' : 'pending'
      const row = {
        conversation: conversation.id,
        state,
        receivedAt: receivedAt.getTime(),
        editedAt,
      } as const
      const sequence = inbox.insert(message, row)
      if (sequence === null) {
        this.#deps.counts.duplicates += 1
        return undefined
      }
      this.#deps.readMarks.arrived(conversation.id, message.id, sequence)
      if (message.content.kind === 'message') {
        media.note(sequence, message.content.parts, receivedAt.getTime())
        this.#deps.usage.add({ messagesIn: 1 }, receivedAt.getTime())
      }
      // When the chat is handed back it may be asked after all, but for what another app was asked.
      const isForUs = message.isForApp !== true && reason !== 'assistant_off'
      if (state === 'skipped' && late === null && isForUs) takeover.missed(sequence)
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
        this.#tellTarget(shown, message.content)
      }
    })
  }

  /** A reaction is told with the message that it is to. */
  #tellTarget(conversation: string, content: IncomingMessage['content']): void {
    if (content.kind !== 'reaction') return
    const { outboxStore, messageNews } = this.#deps
    const own = outboxStore.findRemote(content.targetId)
    messageNews.updated(conversation, own?.message_id ?? content.targetId)
  }

  /** Why what this message asks is left unanswered; `null` where it is not. */
  #skipReason(message: IncomingMessage): 'paused' | 'too_old' | null {
    const { content, chat, sender } = message
    const reason = skipReason(message, this.#deps)
    if (reason !== 'too_old') return reason
    // Who silenced a chat while we were away wants it to be silent.
    return this.#deps.commands.isOwners({ text: wordsOf(content), chat, sender }) ? null : reason
  }

  /** In a chat that a person holds commands alone are answered. */
  #holdReason({ id }: Conversation, message: IncomingMessage): HoldSkip | null {
    const { takeover, routing } = this.#deps
    const reason = takeover.whySilent(id, message)
    if (reason === null || message.isForApp === true) return reason
    const { content, chat } = message
    return routing.isCommand({ text: wordsOf(content), chat_kind: chat.kind }) ? null : reason
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
    // What the members of a group choose is told with the next question: nobody expects an answer to each vote.
    if (chat.kind === 'group' && hasDetail(content, ['vote', 'attendance'])) return false
    // A file without words is for the others in a group, unless it answers the assistant; what is spoken counts as words.
    const isHeard =
      textOf(content.parts).trim() !== '' ||
      hasSound(content) ||
      ((mentionsUs || chat.kind !== 'group') && shownText(content.parts).trim() !== '')
    if (!isHeard) return false
    const group = chat.kind === 'group' ? chat.address : null
    return mayBeAnswered(this.#deps.config(), { group, mentionsUs, isSelf: chat.kind === 'self' }, sender)
  }

  /** In a group one picture of an album has the words that address the assistant, and they are about all of them. */
  #siblings(
    { id }: Conversation,
    { content, chat, sender }: IncomingMessage,
  ): ReturnType<InboxStore['ofAlbum']> {
    if (content.kind !== 'message' || content.album === undefined || chat.kind !== 'group') return []
    return this.#deps.inbox.ofAlbum(id, personOf(sender), content.album.id)
  }

  /** Whoever shares a place that moves is answered once, and not wherever they go. */
  #isFurtherPlace({ id }: Conversation, { content, sender, sentAt }: IncomingMessage): boolean {
    if (content.kind !== 'message' || !isLivePlace(content)) return false
    return this.#deps.inbox.sharesPlace(id, personOf(sender), sentAt.getTime() - SHARED_PLACE_MS)
  }

  #queue(arrival: Arrival): Committed | undefined {
    const { queue, inbox, receipts, routing, acks, commands, fetcher, clock } = this.#deps
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
    const album = content.kind === 'message' ? content.album : undefined
    const recorded = this.#siblings(conversation, message).filter(({ state }) => state === 'recorded')
    for (const each of recorded) inbox.settle(each.sequence, 'pending')
    const row = { sequence, chat: chat.address, chat_kind: chat.kind }
    const added = queue.add(conversation.id, row, { album, revived: recorded.length })
    // A command is answered at once: there is nothing to be patient for.
    const acked = routing.isCommand({ text, chat_kind: chat.kind }) ? undefined : acks.add(sequence, message)
    return () => {
      acked?.()
      if (chat.kind !== 'self') receipts.add(conversation.id, referenceTo(message))
      added()
      // So that its turn need not wait for long; not within the transport's own call.
      // What was sent while we were away may be too old, which its turn finds out.
      if (hasFiles(content) && (message.arrival === 'live' || clock.isKnown))
        setImmediate(() => fetcher.begin(sequence))
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
    const { content } = message
    const isViewOnce = content.kind === 'unsupported' && content.what === VIEW_ONCE
    const noticed = replies.notice(place, isViewOnce ? 'viewOnce' : 'unsupported')
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
    return content.kind === 'message' && textOf(content.parts).trim() === '' && hasFiles(content)
  }
}

function wordsOf(content: IncomingMessage['content']): string {
  return content.kind === 'message' ? shownText(content.parts) : ''
}

function hasFiles(content: IncomingMessage['content']): boolean {
  return content.kind === 'message' && content.parts.some(({ kind }) => kind === 'attachment')
}

function hasSound({ parts }: MessageContent): boolean {
  return parts.some((part) => part.kind === 'attachment' && part.file?.kind === 'audio')
}

function hasDetail(content: MessageContent, types: readonly MessageDetail['type'][]): boolean {
  return detailsIn(content).some(({ type }) => types.includes(type))
}

function isLivePlace(content: MessageContent): boolean {
  return detailsIn(content).some((detail) => detail.type === 'location' && detail.isLive)
}

function detailsIn({ parts }: MessageContent): readonly MessageDetail[] {
  return parts.flatMap((part) => (part.kind === 'text' ? (part.details ?? []) : []))
}
