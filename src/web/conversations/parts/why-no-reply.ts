import { replyWindow } from '../state/reply-window.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

/** Why nothing at all can be sent in the open conversation now, in sentences; `null` where something can be. */
export function whyNothing({ say, state, account, can, view }: ThreadFrame): string | null {
  if (state.connection !== 'ready') return say('The daemon cannot be reached.')
  if (!can('messages.send'))
    return `${say('This page may not send messages.')} ${say('Its token needs the scope {scope}.', { scope: 'send' })}`
  if (!view.isAllowed) return say('This person is not on the list of allowed people, so nothing is sent.')
  if (account.state === 'connected') return null
  return account.reason === null ? say('Nothing can be sent now.') : say.said(account.reason).join(' ').trim()
}

/** Whether the time is over in which WhatsApp takes anything but a template there. */
export function isWindowClosed({ view, nowMs }: ThreadFrame): boolean {
  return !replyWindow(view, nowMs).isOpen
}

/** The same for a text of one's own: also because the time for it is over. */
export function whyNoReply(frame: ThreadFrame): string | null {
  const why = whyNothing(frame)
  if (why !== null || !isWindowClosed(frame)) return why
  return frame.say(
    'The time in which WhatsApp takes free texts is over. It begins again when the person writes.',
  )
}
