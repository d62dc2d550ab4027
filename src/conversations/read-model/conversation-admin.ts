import type { ConversationView } from '../../protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../protocol/conversations/message-view.ts'
import { TEXT_PIECE_LENGTH } from '../../protocol/methods/conversations.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import { clusterBoundary } from '../../text/graphemes.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { MethodResult, ParsedParams } from '../../protocol/methods.ts'
import type { SearchResult } from '../../protocol/conversations/search-result.ts'
import type { AccountTraces } from '../../observability/traces/account-traces.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import { type EventSubject, tracedSubject } from '../outbox/traced-message.ts'
import type { MessageSearch } from '../search/message-search.ts'
import type { Conversation, ConversationStore } from '../store/conversation-store.ts'
import { findConversation } from '../store/find-conversation.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { ConversationViews } from './conversation-views.ts'
import { messagePage, type MessagePagesDependencies, type MessagesQuery } from './messages/message-pages.ts'
import type { MessageRows } from './messages/message-rows.ts'
import type { ReadMarks } from './read-marks.ts'
import { type ListEntry, ListPages, type ListPagesDependencies, type ListQuery } from './list-pages.ts'

export interface ConversationAdminDependencies extends ListPagesDependencies, MessagePagesDependencies {
  conversations: Pick<ConversationStore, 'find' | 'at'>
  views: ConversationViews
  messageRows: MessageRows
  search: MessageSearch
  readMarks: Pick<ReadMarks, 'read'>
  inbox: Pick<InboxStore, 'find' | 'ofTurn'>
  outboxStore: Pick<OutboxStore, 'find' | 'findRemote'>
  traces?: Pick<AccountTraces, 'traceparent'> | undefined
}

type SearchParameters = Omit<ParsedParams<'conversations.search'>, 'account'>

/** What a frame of the control plane has room for, with a margin. */
const MAX_LIST_BYTES = 200_000

/** Where people and programs look at conversations. Throws `DaemonError`, and `StorageError` from the disk. */
export class ConversationAdmin {
  readonly #deps: ConversationAdminDependencies
  readonly #pages: ListPages

  constructor(deps: ConversationAdminDependencies) {
    this.#deps = deps
    this.#pages = new ListPages(deps)
  }

  /** Without those of which nothing is kept but sentences of the daemon's own: those with people who asked for access. */
  list(query: ListQuery): MethodResult<'conversations.list'> {
    return this.#shown(this.#pages.page(query))
  }

  /** As `list`, of those that a person calls so. Rejects as `list` throws. */
  async listNamed(query: ListQuery, text: string): Promise<MethodResult<'conversations.list'>> {
    return this.#shown(await this.#pages.pageNamed(query, text))
  }

  #shown(entries: readonly ListEntry[]): MethodResult<'conversations.list'> {
    const conversations: ConversationView[] = []
    let cursor: string | null = null
    let room = MAX_LIST_BYTES
    const views = this.#deps.views.of(entries.map(({ row }) => row))
    for (const [index, view] of views.entries()) {
      room -= Buffer.byteLength(JSON.stringify(view))
      if (room < 0 && conversations.length > 0) break
      conversations.push(view)
      cursor = entries[index]?.cursor ?? null
    }
    return { conversations, cursor }
  }

  /** `named`: as `findConversation` takes it. */
  get(named: string): ConversationView {
    const { conversations, views } = this.#deps
    const rows = views.rows([findConversation(conversations, named).id])
    const [row, view] = [rows[0], views.of(rows)[0]]
    // Somebody who was sent a code, and nothing else, is nobody that is talked with.
    if (row === undefined || view === undefined || (row.last_at === null && !view.isAllowed))
      throw new DaemonError('conversation_not_found')
    return view
  }

  messages(named: string, query: MessagesQuery): MethodResult<'conversations.messages'> {
    return messagePage(this.#deps, this.#find(named), query)
  }

  /** Also of people who may not write any more: what is kept of them is in the list, too. Rejects as the other methods throw. */
  async search(query: SearchParameters): Promise<SearchResult> {
    const { conversation: named, text, from, to, cursor, limit } = query
    const page = await this.#deps.search.search({
      text,
      limit,
      cursor,
      ...(named !== undefined && { conversation: this.#find(named).id }),
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    })
    const hits = page.hits.map(({ conversation, at, ...hit }) => ({
      ...hit,
      conversationId: String(conversation),
      conversation: cleanLine(
        this.#deps.conversations.find(conversation)?.name ?? '',
        TEXT_LIMITS.identifier,
      ),
      at: at.toISOString(),
    }))
    return { hits, cursor: page.cursor, indexing: page.isIndexing }
  }

  /** What a server is sent that carries on the trace of this message; `null` where there are no traces, or the message is not kept. */
  traceparentOf(subject: EventSubject): string | null {
    const { traces } = this.#deps
    const message = traces === undefined ? null : tracedSubject(this.#deps, subject)
    return (message === null ? null : traces?.traceparent(message)) ?? null
  }

  markRead(named: string, until: string | undefined): MethodResult<'conversations.markRead'> {
    const { readMarks, views } = this.#deps
    const conversation = this.#find(named)
    readMarks.read(conversation, until)
    const unread = views.rows([conversation.id])[0]?.unread ?? 0
    return { conversationId: String(conversation.id), unread: Math.max(0, unread) }
  }

  /** `null` where there is no such message. */
  message(named: string, messageId: string): MessageView | null {
    const { messageRows, messageViews } = this.#deps
    const conversation = this.#find(named)
    const row = messageRows.find(conversation.id, messageId)
    return row === undefined ? null : (messageViews.of(conversation, [row])[0] ?? null)
  }

  /** The words of a message from `offset` on, as many as fit. */
  text(named: string, messageId: string, offset: number): MethodResult<'conversations.text'> {
    const { messageRows, messageViews } = this.#deps
    const row = messageRows.find(this.#find(named).id, messageId)
    if (row === undefined) throw new DaemonError('message_not_found')
    const words = messageViews.wordsOf({ ...row, text: messageRows.wholeText(row) })
    const end = offset + clusterBoundary(words.slice(offset), TEXT_PIECE_LENGTH)
    return { text: words.slice(offset, end), next: end < words.length ? end : null }
  }

  #find(named: string): Conversation {
    return findConversation(this.#deps.conversations, named)
  }
}
