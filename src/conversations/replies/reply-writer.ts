import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { AccountConfig } from '../../config/model.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { AckStore } from '../reactions/ack-store.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import type { LoopBreaker } from '../outbox/loop-breaker.ts'
import type { Notice, Notices } from '../notices/notices.ts'
import type { NewOutboxRow } from '../outbox/new-outbox-row.ts'
import type { OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'
import { parseContent, type StoredFile, type StoredReference } from '../outbox/stored-content.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutgoingRedaction } from './outgoing-redaction.ts'
import { shownContent } from './items/shown-content.ts'
import { quotedRow } from './quoted-row.ts'
import { responsePrefix } from './response-prefix.ts'
import { replyMessages } from './reply-messages.ts'
import { type TextMessage, toNoticePart } from './reply-text.ts'
import { isAddressed } from '../turns/is-addressed.ts'
import { chatOf, type TurnRow } from '../turns/turn-store.ts'
import type { Typing } from './typing.ts'
import type { AnswerPiece } from './answer-piece.ts'

const DAY_MS = 86_400_000

export interface ReplyWriterDependencies {
  outbox: Outbox
  notices: Notices
  loops: LoopBreaker
  typing: Typing
  redaction: OutgoingRedaction
  files: Pick<MediaFiles, 'keepFor'>
  inbox: Pick<InboxStore, 'sequenceOf' | 'ofTurn'>
  ackStore: Pick<AckStore, 'setState'>
  outboxStore: Pick<OutboxStore, 'repliesOfTurn' | 'sequenceOf' | 'turnOf' | 'setContent' | 'swapWithNewest'>
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

  /**
   * A piece of what the assistant said, as messages; `hasMessages`: whether any of them is more than a reaction; `hasWords`: whether any
   * shows words of it. `isFirst`: no message of this answer went out before; `first`: no words of it did.
   */
  add(
    turn: TurnRow,
    rows: readonly InboxRow[],
    reply: { piece: AnswerPiece; isFirst: boolean; first: boolean; agent: string },
  ): { count: number; hasMessages: boolean; hasWords: boolean; committed: Committed } {
    const { redaction, loops } = this.#deps
    const { piece, isFirst, first, agent } = reply
    const config = this.#deps.config()
    const own = responsePrefix(config, agent)
    // Both sides of the chat with oneself stand on one side of the phone.
    const isMixed = own === '' && turn.chat_kind === 'self' && config.access.selfChat === true
    const settings = { ...config, responsePrefix: isMixed ? `[${agent}] ` : own }
    const last = rows.at(-1)
    const targetOf = (id: string | null): StoredReference | null =>
      id === null ? (last === undefined ? null : theirs(last.sequence)) : this.#named(turn.conversation, id)
    const messages = replyMessages(piece, { settings, redaction, first, targetOf })
    const question = last?.text ?? ''
    const asked = piece.quotes === null ? null : this.#named(turn.conversation, piece.quotes)
    const queued = messages.map((message, index) => {
      const { content, text } = message
      const words = content === null ? text : content.type === 'file' ? content.caption : ''
      loops.said(turn.conversation, question, words)
      const isReaction = content?.type === 'reaction'
      const isFirstOne = isFirst && index === 0
      const usual = quotedRow(config.replyToMode, turn.chat_kind, { rows, isFirst: isFirstOne })
      const chosen = index === 0 && asked !== null ? asked : usual === null ? null : theirs(usual)
      return { ...message, quotes: isReaction ? null : chosen }
    })
    return {
      count: messages.length,
      hasMessages: messages.some(({ content }) => content?.type !== 'reaction'),
      hasWords: messages.some(({ hasWords }) => hasWords),
      committed: this.#enqueue(placeOf(turn, rows), 'reply', queued),
    }
  }

  /** The message with this id of WhatsApp's, by whomever of the two. */
  #named(conversation: number, id: string): StoredReference | null {
    const { inbox, outboxStore } = this.#deps
    const sequence = inbox.sequenceOf(conversation, id)
    if (sequence !== null) return theirs(sequence)
    const own = outboxStore.sequenceOf(conversation, id)
    return own === null ? null : { sequence: own, isOurs: true }
  }

  /** Whether more than reactions of the answer to this turn are in the outbox. */
  hasMessages(turn: string): boolean {
    return this.#deps.outboxStore
      .repliesOfTurn(turn)
      .some(({ content }) => content === null || parseContent(content)?.type !== 'reaction')
  }

  /** Whether words of the answer to this turn are in the outbox. */
  hasWords(turn: string): boolean {
    return this.#deps.outboxStore.repliesOfTurn(turn).some(({ content }) => {
      const parsed = content === null ? null : parseContent(content)
      return parsed === null || (parsed.type === 'file' && parsed.caption !== '')
    })
  }

  /** A file of an answer will not arrive: its caption goes as a text in its place, and who asked for it is told. */
  fileFailed(row: OutboxRow): Committed | undefined {
    const { outboxStore, inbox } = this.#deps
    const content = row.content === null ? null : parseContent(row.content)
    if (content?.type === 'reaction') return undefined
    const turn = outboxStore.turnOf(row.sequence)
    const place = {
      conversation: conversationOf(row),
      chat: chatOf(row),
      turn,
      afterInbox: row.after_inbox,
    }
    const caption = content?.type === 'file' ? this.#sendCaption(row, content, place) : undefined
    const replies = turn === null ? [] : outboxStore.repliesOfTurn(turn)
    const isAnswered = replies.some(({ state }) => state !== 'failed' && state !== 'discarded')
    if (!isAddressed(row, turn === null ? [] : inbox.ofTurn(turn))) return caption
    const told = isAnswered ? this.#noticeOnly(place, 'fileNotSent') : this.notice(place, 'fileNotSent')
    return inOrder([caption, told])
  }

  /** As a text, before what waits behind the file. The file may be sent again, and has no caption then. */
  #sendCaption(row: OutboxRow, content: StoredFile, place: ReplyPlace): Committed | undefined {
    const { outboxStore } = this.#deps
    const { caption: text } = content
    if (text === '') return undefined
    const alone = { ...content, caption: '' }
    outboxStore.setContent(row.sequence, alone, shownContent(alone))
    const caption = this.#enqueue(place, 'reply', [
      { text, prefixLength: 0, content: null, quotes: referenceIn(row) },
    ])
    outboxStore.swapWithNewest(row.sequence)
    return caption
  }

  /** Tells the person that a file of an answer could not be sent. In a group only those who asked the assistant hear of it. */
  fileNotSent(turn: TurnRow, rows: readonly InboxRow[]): Committed | undefined {
    return isAddressed(turn, rows) ? this.#noticeOnly(placeOf(turn, rows), 'fileNotSent') : undefined
  }

  /** Those who asked got no answer, and no sentence either: their message is marked. */
  markUnanswered(turn: TurnRow, rows: readonly InboxRow[]): void {
    if (isAddressed(turn, rows)) this.#deps.markFailed(placeOf(turn, rows).afterInbox)
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
    notice: 'failed' | 'modelFailed' | 'fileFailed' | 'voiceFailed' | 'voiceUnheard',
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

  /** Tells who sent a file that it is too large; in a group only who wrote to the assistant. */
  tellTooLarge(row: InboxRow): Committed | undefined {
    // The owner's own file, which somebody quotes.
    if (row.author === 'owner') return undefined
    if (row.chat_kind === 'group' && row.mentions_us === 0) return undefined
    const chat: ChatReference = { kind: row.chat_kind, address: row.chat }
    const place = { conversation: conversationOf(row), chat, turn: null, afterInbox: row.sequence }
    return this.notice(place, 'fileTooLarge')
  }

  /** Tells those who asked that their voice was not heard, beside an answer to the rest; that nobody listens, once a day. */
  tellUnheard(
    turn: TurnRow,
    rows: readonly InboxRow[],
    notice: 'voiceUnheard' | 'voiceFailed',
  ): Committed | undefined {
    if (!isAddressed(turn, rows)) return undefined
    const now = this.#deps.now().getTime()
    const since = notice === 'voiceUnheard' ? now - DAY_MS : undefined
    const text = this.#deps.notices.take(turn.conversation, notice, now, since)
    return text === null ? undefined : this.#say(placeOf(turn, rows), text)
  }

  /** The sentence, or a mark on the message where the same sentence was said a moment ago. */
  notice(place: ReplyPlace, notice: Notice): Committed | undefined {
    const said = this.#noticeOnly(place, notice)
    if (said === undefined) this.#deps.markFailed(place.afterInbox)
    return said
  }

  /** The sentence, where the same one was not said a moment ago. */
  #noticeOnly(place: ReplyPlace, notice: Notice): Committed | undefined {
    const { notices, now } = this.#deps
    const text = notices.take(place.conversation.id, notice, now().getTime())
    return text === null ? undefined : this.#say(place, text)
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
    return this.#enqueue(place, 'notice', [
      { ...toNoticePart(text, config), content: null, quotes: quotes === null ? null : theirs(quotes) },
    ])
  }

  #enqueue(
    place: ReplyPlace,
    kind: 'reply' | 'notice',
    parts: readonly (TextMessage & Pick<NewOutboxRow, 'content' | 'quotes'>)[],
  ): Committed {
    const { outbox, transport, now, files, ackStore } = this.#deps
    const queued = parts.map(({ text, prefixLength, content, quotes }) => {
      const localId = transport.newLocalId()
      if (content?.type === 'file') files.keepFor(content.media, localId)
      // A chat shows one reaction of each person to a message.
      if (content?.type === 'reaction' && content.isToOurs !== true) ackStore.setState(content.target, 'done')
      const row = { ...place, text, prefixLength, content, quotes, kind, localId, queuedAt: now().getTime() }
      return outbox.enqueue(row)
    })
    return () => {
      for (const each of queued) each()
      // Not within the transport's own call, where a notice may come from.
      if (queued.length > 0) setImmediate(() => outbox.pump())
    }
  }
}

function theirs(sequence: number): StoredReference {
  return { sequence, isOurs: false }
}

/** What a row of the outbox quotes. */
function referenceIn({ quotes, quotes_own }: OutboxRow): StoredReference | null {
  if (quotes_own !== null) return { sequence: quotes_own, isOurs: true }
  return quotes === null ? null : theirs(quotes)
}

function placeOf(turn: TurnRow, rows: readonly InboxRow[]): ReplyPlace {
  const conversation = conversationOf(turn)
  const chat = chatOf(turn)
  return { conversation, chat, turn: turn.id, afterInbox: rows.at(-1)?.sequence ?? 0 }
}
