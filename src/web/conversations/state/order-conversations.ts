import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'

/** What the list shows: all conversations, those with unread messages, or those that wait for a person. */
export type ConversationFilter = 'all' | 'unread' | 'waiting'

const SHOWS: Readonly<Record<ConversationFilter, (view: ConversationView) => boolean>> = {
  all: () => true,
  unread: ({ unread }) => unread > 0,
  waiting: isWaiting,
}

/** Whether a person is waited for there. */
export function isWaiting({ assistant }: ConversationView): boolean {
  return assistant.state === 'waiting'
}

/**
 * The rows of the list: first those that wait for a person, who has waited longest first; then the others, the newest first. `floor` is
 * the time down to which everything has been loaded, `null` for all of it: what is older, and known by chance, would hide the gap before it.
 */
export function orderConversations(
  views: Iterable<ConversationView>,
  filter: ConversationFilter,
  floor: string | null,
): ConversationView[] {
  const waiting: ConversationView[] = []
  const others: ConversationView[] = []
  for (const view of views) {
    if (!SHOWS[filter](view)) continue
    if (isWaiting(view)) waiting.push(view)
    else if (floor === null || (view.lastAt ?? '') >= floor) others.push(view)
  }
  waiting.sort((one, other) => compare(one.assistant.since ?? '', other.assistant.since ?? ''))
  others.sort(
    (one, other) =>
      compare(other.lastAt ?? '', one.lastAt ?? '') ||
      Number(other.conversationId) - Number(one.conversationId),
  )
  return [...waiting, ...others]
}

/** Times are ISO 8601 in UTC with milliseconds: they sort as texts. */
function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
