import type { Logger } from 'pino'
import type { AnsweringAgent, ReplyItem } from '../../agents/agent.ts'
import type { Contacts } from '../contact/contacts.ts'
import type { AnswerPiece } from '../replies/answer-piece.ts'
import type { ItemPreparation, ReadyItem } from '../replies/items/item-preparation.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import { type Committed, inOrder } from '../store/commit-group.ts'
import { conversationOf } from '../store/conversation-store.ts'
import type { InboxRow } from '../store/inbox-store.ts'
import type { TurnRow, TurnStore } from './turn-store.ts'

export interface TurnAnswerDependencies {
  replies: ReplyWriter
  store: Pick<TurnStore, 'addParagraphs'>
  items: ItemPreparation
  contacts: Pick<Contacts, 'setByAgent'>
  logger: Logger
}

export interface TurnAnswerInput {
  row: TurnRow
  /** What is asked, oldest first. */
  asked: readonly InboxRow[]
  /** Of the agent, in the config. */
  id: string
  agent: AnsweringAgent
  signal: AbortSignal
}

/** The answer to one turn on its way into the outbox, from what went out before a crash on. */
export class TurnAnswer {
  readonly #deps: TurnAnswerDependencies
  readonly #input: TurnAnswerInput
  /** No message of it is queued yet: reactions are none. */
  #isFirst: boolean
  #hasWords: boolean
  #hasSaid: boolean
  #hasLostFile = false
  /** What is ready, and not queued yet. */
  readonly #unclaimed = new Set<ReadyItem>()
  #isOver = false

  constructor(deps: TurnAnswerDependencies, input: TurnAnswerInput) {
    this.#deps = deps
    this.#input = input
    const { row } = input
    this.#hasSaid = row.paragraphs_out > 0
    this.#isFirst = !(this.#hasSaid && deps.replies.hasMessages(row.id))
    this.#hasWords = this.#hasSaid && deps.replies.hasWords(row.id)
  }

  /** Whether the person gets anything. */
  get hasSaid(): boolean {
    return this.#hasSaid
  }

  /** Never rejects. */
  readonly prepare = async (item: Exclude<ReplyItem, { type: 'quote' }>): Promise<ReadyItem> => {
    const { items } = this.#deps
    const ready = await items.prepare(item, this.#input.agent, this.#input.signal)
    if (this.#isOver) items.discard(ready)
    else this.#unclaimed.add(ready)
    return ready
  }

  /** Inside of a transaction: queues these pieces, and counts them. A transaction that fails is the end of the answer. */
  add(pieces: readonly AnswerPiece[]): Committed {
    return inOrder(pieces.map((piece) => this.#add(piece)))
  }

  /** As `add`, for the last ones: a message that got no answer, and no sentence about a lost file either, is marked. */
  finish(pieces: readonly AnswerPiece[]): Committed {
    const queued = this.add(pieces)
    if (this.#hasLostFile && !this.#hasSaid)
      this.#deps.replies.markUnanswered(this.#input.row, this.#input.asked)
    return queued
  }

  #add(piece: AnswerPiece): Committed {
    const { replies, store, logger } = this.#deps
    const { row, asked, id: agent } = this.#input
    const queued = replies.add(row, asked, {
      piece,
      agent,
      isFirst: this.#isFirst,
      first: !this.#hasWords,
    })
    const isLostFile = piece.kind === 'item' && piece.item.kind === 'unusable' && piece.item.isFile
    const told = isLostFile ? replies.fileNotSent(row, asked) : undefined
    const learnt = piece.kind === 'item' ? this.#learn(piece.item) : undefined
    this.#hasLostFile ||= isLostFile
    store.addParagraphs(row.id, piece.count)
    this.#isFirst &&= !queued.hasMessages
    this.#hasWords ||= queued.hasWords
    this.#hasSaid ||= queued.count > 0 || told !== undefined
    return () => {
      if (piece.kind === 'item') this.#unclaimed.delete(piece.item)
      if (piece.kind === 'item' && piece.item.kind === 'unusable')
        logger.warn({ turn: row.id, agent }, `something of an answer could not be sent. ${piece.item.why}`)
      inOrder([queued.committed, told, learnt])()
    }
  }

  /** What the agent says of who is behind the conversation, and not to them. */
  #learn(item: ReadyItem): Committed | undefined {
    if (item.kind !== 'contactField') return undefined
    const { contacts, logger } = this.#deps
    const { row, id: agent } = this.#input
    const learnt = contacts.setByAgent(conversationOf(row), item.name, item.value)
    if (typeof learnt === 'function') return learnt
    return () => logger.warn({ turn: row.id, agent }, `a contact field was not set. ${learnt.why}`)
  }

  /** Nothing more of it is queued. */
  end(): void {
    this.#isOver = true
    for (const item of this.#unclaimed) this.#deps.items.discard(item)
    this.#unclaimed.clear()
  }
}
