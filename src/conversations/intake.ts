import type { Logger } from 'pino'
import type { IncomingMessage } from '../accounts/transport.ts'
import type { AccountConfig } from '../config/config.ts'
import type { EventPublisher } from '../control/ports.ts'
import type { Committed, CommitGroup } from './commit-group.ts'
import { conversationOf } from './conversation-key.ts'
import type { InboxStore } from './inbox-store.ts'
import type { LoopBreaker } from './loop-breaker.ts'
import type { ReadReceipts } from './read-receipts.ts'
import type { ReplyWriter } from './reply-writer.ts'
import type { TurnQueue } from './turn-queue.ts'

const MINUTE_MS = 60_000
/** A longer message is cut off here before it is stored; WhatsApp itself allows 65,536 characters. */
const MAX_TEXT_LENGTH = 70_000

export interface IntakeDependencies {
  account: string
  inbox: InboxStore
  queue: TurnQueue
  commits: CommitGroup
  loops: LoopBreaker
  receipts: ReadReceipts
  replies: ReplyWriter
  config: () => AccountConfig
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/** A message with its row in the inbox, and where its replies go. */
interface Arrival {
  conversation: string
  message: IncomingMessage
  chatKind: 'direct' | 'self'
  sequence: number
  now: number
}

/** Takes in what allowed people write: once each, whatever is delivered again and in whatever form. */
export class Intake {
  readonly #deps: IntakeDependencies
  #lastObstacle = ''

  constructor(deps: IntakeDependencies) {
    this.#deps = deps
  }

  /** Written when it returns, durable with the next commit. Throws `StorageError`. */
  take(chatKind: 'direct' | 'self', received: IncomingMessage): void {
    const { commits, inbox, config, publish, account, now } = this.#deps
    const message = withinBounds(received)
    const conversation = conversationOf(message.sender)
    const receivedAt = now()
    const isStale =
      message.arrival === 'offline' &&
      receivedAt.getTime() - message.sentAt.getTime() > config().catchUpMaxAgeMinutes * MINUTE_MS
    const startsTurn = message.content.kind === 'text' && message.content.text.trim() !== ''
    const state = !startsTurn ? 'recorded' : isStale ? 'skipped' : 'pending'
    commits.now(() => {
      if (inbox.hasUnderAddress(message)) return undefined
      const sequence = inbox.insert(message, { conversation, state, receivedAt: receivedAt.getTime() })
      if (sequence === null) return undefined
      const arrival: Arrival = { conversation, message, chatKind, sequence, now: receivedAt.getTime() }
      const queued = isStale ? undefined : startsTurn ? this.#queue(arrival) : this.#record(arrival)
      return () => {
        const { id: messageId, senderName: name, sender } = message
        const { phoneNumber } = sender
        const at = receivedAt.toISOString()
        publish('message.received', { account, messageId, conversation, phoneNumber, name, at })
        queued?.()
      }
    })
  }

  #queue(arrival: Arrival): Committed | undefined {
    const { queue, inbox, receipts, logger } = this.#deps
    const { conversation, message, chatKind, sequence } = arrival
    const obstacle = this.#obstacle(arrival)
    if (obstacle !== null) {
      // A machine that goes on and on must not fill the log.
      const level = this.#lastObstacle === `${obstacle} ${conversation}` ? 'debug' : 'warn'
      this.#lastObstacle = `${obstacle} ${conversation}`
      logger[level]({ messageId: message.id, obstacle }, 'a message is left unanswered')
      inbox.settle(sequence, 'skipped')
      return undefined
    }
    const added = queue.add(conversation, { sequence, chat: message.chat, chat_kind: chatKind })
    return () => {
      if (chatKind === 'direct') receipts.add(conversation, message.chat, message.id)
      added()
    }
  }

  #obstacle({ conversation, message, chatKind, now }: Arrival): string | null {
    if (!this.#deps.queue.hasRoom(conversation)) return 'too_many_waiting'
    const text = message.content.kind === 'text' ? message.content.text : ''
    const verdict = this.#deps.loops.judge(conversation, chatKind, text, now)
    return verdict === 'answer' ? null : verdict
  }

  /** What starts no turn. People who send a picture are told that it was not seen. */
  #record({ conversation, message, chatKind, sequence }: Arrival): Committed | undefined {
    if (message.content.kind !== 'unsupported') return undefined
    const { receipts, replies } = this.#deps
    const place = { conversation, chat: message.chat, turn: null, afterInbox: sequence }
    const noticed = replies.notice(place, 'unsupported')
    return () => {
      if (chatKind === 'direct') {
        receipts.add(conversation, message.chat, message.id)
        // Not within the transport's own call.
        setImmediate(() => receipts.send(conversation))
      }
      noticed()
    }
  }
}

function withinBounds(message: IncomingMessage): IncomingMessage {
  const { content } = message
  if (content.kind !== 'text' || content.text.length <= MAX_TEXT_LENGTH) return message
  return { ...message, content: { ...content, text: content.text.slice(0, MAX_TEXT_LENGTH) } }
}
