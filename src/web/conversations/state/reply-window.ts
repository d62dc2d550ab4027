import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'

/** Of a conversation: the time in which WhatsApp takes free texts. `untilMs` is `null` where nothing says when it ends. */
export type ReplyWindow = { isOpen: true; untilMs: number | null } | { isOpen: false }

/** How it is at `nowMs`, by the daemon's clock: what the daemon called open may be over by then. Open where WhatsApp knows no limit. */
export function replyWindow({ window }: Pick<ConversationView, 'window'>, nowMs: number): ReplyWindow {
  if (window === null) return { isOpen: true, untilMs: null }
  const untilMs = window.until === null ? null : Date.parse(window.until)
  return window.state === 'open' && (untilMs === null || untilMs > nowMs)
    ? { isOpen: true, untilMs }
    : { isOpen: false }
}
