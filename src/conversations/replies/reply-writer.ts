import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Committed } from '../store/commit-group.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { LoopBreaker } from '../outbox/loop-breaker.ts'
import type { Notice, Notices } from '../notices/notices.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { quotedRow } from './quoted-row.ts'
import { responsePrefix } from './response-prefix.ts'
import { type OutgoingPart, toNoticePart, toReplyParts } from './reply-text.ts'
import { isAddressed } from '../turns/is-addressed.ts'
import { chatOf, type TurnRow } from '../turns/turn-store.ts'
import type { Typing } from './typing.ts'
import type { Said } from './reply-stream.ts'

export interface ReplyWriterDependencies {
  outbox: Outbox
  notices: Notices
  loops: LoopBreaker
  typing: Typing
  /** Marks a message that gets no answer and no sentence either. Inside of the caller's transaction. */
  markFailed: (inbox: number) => void
  transport: Pick<Transport, 'newLocalId'>
  config: () => AccountConfig
  now: () => Date
}

/** Where a message of ours goes. */
export interface ReplyPlace {
  conversation: Conversation
  chat: ChatReference
  turn: string | null
  afterInbox: number
}

/** Puts replies and the daemon's own sentences into the outbox. All but `left` and `settled` run inside of a transaction. */
export class ReplyWriter {
  readonly #deps: ReplyWriterDependencies

  constructor(deps: ReplyWriterDependencies) {
    this.#deps = deps
  }

  /** What the assistant `agent` said, cut into messages. `first`: nothing of this reply went out before. */
  add(
    turn: TurnRow,
    rows: readonly InboxRow[],
    reply: Said & { first: boolean; agent: string },
  ): { count: number; committed: Committed } {
    const config = this.#deps.config()
    const own = responsePrefix(config, reply.agent)
    // Both sides of the chat with oneself stand on one side of the phone.
    const isMixed = own === '' && turn.chat_kind === 'self' && config.access.selfChat === true
    const settings = { ...config, responsePrefix: isMixed ? `[${reply.agent}] ` : own }
    const parts = toReplyParts(reply.text, settings, reply)
    const question = rows.at(-1)?.text ?? ''
    for (const { text } of parts) this.#deps.loops.said(turn.conversation, question, text)
    const quotes = (index: number): number | null =>
      quotedRow(config.replyToMode, turn.chat_kind, { rows, isFirst: reply.first && index === 0 })
    const messages = parts.map((part, index) => ({ ...part, quotes: quotes(index) }))
    return { count: parts.length, committed: this.#enqueue(placeOf(turn, rows), 'reply', messages) }
  }

  /** The daemon's own answer to what was asked of it. */
  say(turn: TurnRow, rows: readonly InboxRow[], text: string): Committed {
    return this.sayAt(placeOf(turn, rows), rows.at(-1)?.text ?? '', text)
  }

  /** As `say`, where no turn asked: `question` is what it answers. */
  sayAt(place: ReplyPlace, question: string, text: string): Committed {
    this.#deps.loops.said(place.conversation.id, question, text)
    return this.#say(place, text)
  }

  /** Tells those who asked that the answer takes long. */
  waitingLine(turn: TurnRow, rows: readonly InboxRow[], text: string): Committed | undefined {
    return isAddressed(turn, rows) ? this.say(turn, rows, text) : undefined
  }

  /** Tells the person that there is no answer, and whether the model may be why that they chose. In a group only those who asked the assistant hear of it. */
  apologise(
    turn: TurnRow,
    rows: readonly InboxRow[],
    notice: 'failed' | 'modelFailed',
  ): Committed | undefined {
    return isAddressed(turn, rows) ? this.notice(placeOf(turn, rows), notice) : undefined
  }

  /** Tells those who asked that the assistant is away; once since then, in milliseconds since 1970. */
  tellAway(turn: TurnRow, rows: readonly InboxRow[], since: number): Committed | undefined {
    if (!isAddressed(turn, rows)) return undefined
    const { notices, now } = this.#deps
    const text = notices.take(turn.conversation, 'away', now().getTime(), since)
    return text === null ? undefined : this.#say(placeOf(turn, rows), text)
  }

  /** The sentence, or a mark on the message where the same sentence was said a moment ago. */
  notice(place: ReplyPlace, notice: Notice): Committed | undefined {
    const { notices, now, markFailed } = this.#deps
    const text = notices.take(place.conversation.id, notice, now().getTime())
    if (text === null) {
      markFailed(place.afterInbox)
      return undefined
    }
    return this.#say(place, text)
  }

  /** Nothing is left to be answered there: "typing…" goes away once the last message is out. */
  left(conversation: number): void {
    this.#deps.typing.leave(conversation)
    this.settled(conversation)
  }

  /** Takes "typing…" down once the last message of a finished turn is out. */
  settled(conversation: number): void {
    const { typing, outbox } = this.#deps
    if (typing.leaving(conversation) && !outbox.hasQueued(conversation)) typing.end(conversation)
  }

  #say(place: ReplyPlace, text: string): Committed {
    const config = this.#deps.config()
    const rows = place.afterInbox > 0 ? [{ sequence: place.afterInbox }] : []
    const quotes = quotedRow(config.replyToMode, place.chat.kind, { rows, isFirst: true })
    return this.#enqueue(place, 'notice', [{ ...toNoticePart(text, config), quotes }])
  }

  #enqueue(
    place: ReplyPlace,
    kind: 'reply' | 'notice',
    parts: readonly (OutgoingPart & { quotes: number | null })[],
  ): Committed {
    const { outbox, transport, now } = this.#deps
    const queued = parts.map((part) =>
      outbox.enqueue({
        ...place,
        ...part,
        kind,
        localId: transport.newLocalId(),
        queuedAt: now().getTime(),
      }),
    )
    return () => {
      for (const each of queued) each()
      // Not within the transport's own call, where a notice may come from.
      if (queued.length > 0) setImmediate(() => outbox.pump())
    }
  }
}

function placeOf(turn: TurnRow, rows: readonly InboxRow[]): ReplyPlace {
  const conversation = conversationOf(turn)
  const chat = chatOf(turn)
  return { conversation, chat, turn: turn.id, afterInbox: rows.at(-1)?.sequence ?? 0 }
}
