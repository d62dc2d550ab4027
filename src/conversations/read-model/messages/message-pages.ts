import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { MethodResult, ParsedParams } from '../../../protocol/methods.ts'
import type { Conversation } from '../../store/conversation-store.ts'
import { readMessageCursor, writeMessageCursor } from './message-cursor.ts'
import type { MessageRow, MessageRows } from './message-rows.ts'
import type { MessageViews } from './message-views.ts'

export type MessagesQuery = Omit<ParsedParams<'conversations.messages'>, 'account' | 'conversation'>

/** What a frame of the control plane has room for, with a margin. */
const MAX_PAGE_BYTES = 200_000

export interface MessagePagesDependencies {
  messageRows: Pick<MessageRows, 'newest' | 'before' | 'after' | 'find'>
  messageViews: Pick<MessageViews, 'of' | 'wordsOf'>
}

/** A page of a conversation, oldest message first: as many of those asked for as there is room for, one at least. */
export function messagePage(
  deps: MessagePagesDependencies,
  conversation: Conversation,
  { before, after, around, limit }: MessagesQuery,
): MethodResult<'conversations.messages'> {
  const { messageRows, messageViews } = deps
  const middle = around === undefined ? undefined : messageRows.find(conversation.id, around)
  if (middle !== undefined) return pageAround(deps, conversation, middle, limit)
  const isOnward = after !== undefined
  const rows = isOnward
    ? messageRows.after(conversation.id, readMessageCursor(after), limit + 1)
    : before === undefined
      ? messageRows.newest(conversation.id, limit + 1)
      : messageRows.before(conversation.id, readMessageCursor(before), limit + 1)
  const kept: { row: MessageRow; view: MessageView }[] = []
  let room = MAX_PAGE_BYTES
  for (const [index, view] of messageViews.of(conversation, rows.slice(0, limit)).entries()) {
    const row = rows[index]
    room -= Buffer.byteLength(JSON.stringify(view))
    if (row === undefined || (room < 0 && kept.length > 0)) break
    kept.push({ row, view })
  }
  const hasMore = kept.length < rows.length
  const inOrder = isOnward ? kept : kept.toReversed()
  const [first, last] = [inOrder[0], inOrder.at(-1)]
  const hasOlder = isOnward || hasMore
  const hasNewer = isOnward ? hasMore : before !== undefined
  return {
    messages: inOrder.map(({ view }) => view),
    before: hasOlder && first !== undefined ? writeMessageCursor(first.row) : null,
    after: hasNewer && last !== undefined ? writeMessageCursor(last.row) : null,
  }
}

/** As many messages before as after `middle`, where there are so many; those nearest to it where there is no room for all. */
function pageAround(
  { messageRows, messageViews }: MessagePagesDependencies,
  conversation: Conversation,
  middle: MessageRow,
  limit: number,
): MethodResult<'conversations.messages'> {
  const half = Math.floor((limit - 1) / 2)
  const older = messageRows.before(conversation.id, middle, half + 1)
  const newer = messageRows.after(conversation.id, middle, half + 1)
  const rows = [...older.slice(0, half).toReversed(), middle, ...newer.slice(0, half)]
  const views = messageViews.of(conversation, rows)
  const sizes = views.map((view) => Buffer.byteLength(JSON.stringify(view)))
  const nearest = rows.indexOf(middle)
  let [first, end] = [nearest, nearest + 1]
  for (let room = MAX_PAGE_BYTES - (sizes[nearest] ?? 0); first > 0 || end < rows.length;) {
    const isOlderNext = end === rows.length || (first > 0 && nearest - first < end - nearest)
    room -= sizes[isOlderNext ? first - 1 : end] ?? 0
    if (room < 0) break
    if (isOlderNext) first -= 1
    else end += 1
  }
  const [oldest = middle, newest = middle] = [rows[first], rows[end - 1]]
  const hasOlder = first > 0 || older.length > half
  const hasNewer = end < rows.length || newer.length > half
  return {
    messages: views.slice(first, end),
    before: hasOlder ? writeMessageCursor(oldest) : null,
    after: hasNewer ? writeMessageCursor(newest) : null,
  }
}
