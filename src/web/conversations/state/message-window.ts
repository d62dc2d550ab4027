import type { MessageView } from '../../../protocol/conversations/message-view.ts'

/** More messages are not kept: what is farthest from where the person reads is dropped, and loaded again when it is needed. */
export const MAX_KEPT_MESSAGES = 300

/** One answer of `conversations.messages`, the oldest message first. The cursors lead on; `null` where nothing follows. */
export interface MessagePage {
  messages: readonly MessageView[]
  older: string | null
  newer: string | null
}

/** Consecutive pages, the oldest first. Immutable. */
export type MessageWindow = readonly MessagePage[]

/** By time, as people see them on their phones: the daemon keeps a reply behind the message that it answers, whenever it was sent. */
export function messagesOf(window: MessageWindow): MessageView[] {
  return window
    .flatMap(({ messages }) => messages)
    .toSorted((one, other) => Number(one.at > other.at) - Number(one.at < other.at))
}

/** Whether the newest message of the conversation is in it, so that a new one belongs to its end. */
export function isLive(window: MessageWindow): boolean {
  return window.at(-1)?.newer === null
}

/** With the page before it. Drops the newest pages where that makes too many. */
export function withOlder(window: MessageWindow, page: MessagePage): MessageWindow {
  const pages = [withoutKnown(page, window), ...window]
  while (pages.length > 1 && countOf(pages) > MAX_KEPT_MESSAGES) pages.pop()
  return pages
}

/** With the page after it. Drops the oldest pages where that makes too many. */
export function withNewer(window: MessageWindow, page: MessagePage): MessageWindow {
  const pages = [...window, withoutKnown(page, window)]
  while (pages.length > 1 && countOf(pages) > MAX_KEPT_MESSAGES) pages.shift()
  return pages
}

/**
 * With `message` as it is now: in the place of what is known of it, else at its time, where the window has the end of the conversation.
 * An unknown message that is older than all of the window is not part of it.
 */
export function withMessage(window: MessageWindow, message: MessageView): MessageWindow {
  const isKnown = ({ messageId }: MessageView): boolean => messageId === message.messageId
  if (window.some(({ messages }) => messages.some(isKnown)))
    return window.map((page) => ({
      ...page,
      messages: page.messages.map((each) => (isKnown(each) ? message : each)),
    }))
  const last = window.at(-1)
  if (last === undefined || last.newer !== null) return window
  const { messages } = last
  const next = messages.findLastIndex(({ at }) => at <= message.at) + 1
  if (next === 0 && (window.length > 1 || last.older !== null)) return window
  const changed = { ...last, messages: messages.toSpliced(next, 0, message) }
  const pages = [...window.slice(0, -1), changed]
  while (pages.length > 1 && countOf(pages) > MAX_KEPT_MESSAGES) pages.shift()
  return pages
}

/** Whether so many have arrived at its end that it is better loaded anew: a page cannot be divided, it has one pair of cursors. */
export function isOvergrown(window: MessageWindow): boolean {
  return window.length === 1 && countOf(window) > MAX_KEPT_MESSAGES
}

function countOf(window: MessageWindow): number {
  return window.reduce((sum, { messages }) => sum + messages.length, 0)
}

/** Messages may move while the pages are read. */
function withoutKnown(page: MessagePage, window: MessageWindow): MessagePage {
  const known = new Set(messagesOf(window).map(({ messageId }) => messageId))
  return { ...page, messages: page.messages.filter(({ messageId }) => !known.has(messageId)) }
}
