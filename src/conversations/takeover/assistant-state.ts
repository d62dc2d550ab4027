import type { AssistantState } from '../../protocol/conversations/assistant-state.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import type { WaitReason } from '../store/hand-overs.ts'
import { type Hold, isPaused } from './hold.ts'

const WHY_PAUSED: Readonly<Record<Hold['by'], string>> = {
  phone: 'The owner of the account answers there by hand, on the phone.',
  dashboard: 'Somebody took the chat over in a dashboard.',
  api: 'Somebody took the chat over by the API.',
  command: 'An owner paused the assistant there by /pause.',
  agent: 'The assistant itself left the chat to a person.',
  app: 'Another app answers there on the same number.',
}

const WHY_WAITING: Readonly<Partial<Record<WaitReason, string>>> = {
  handed_over: 'The assistant left the answer to a person.',
  answer_failed: 'The assistant could not answer.',
  not_sent: 'An answer of the assistant could not be sent.',
}

const OFF = 'The assistant is switched off in this chat.'

const iso = (at: number | null): string | null => (at === null ? null : storedTime(at).toISOString())

/**
 * What people see of who holds a chat. A switch counts before a hold, a hold before somebody who waits. `waiting`: since when, in
 * milliseconds since 1970, and why a person is waited for; `null` where nobody is.
 */
export function assistantState(
  hold: Hold,
  waiting: { since: number; why: WaitReason } | null,
  now: number,
): AssistantState {
  if (hold.offSince !== null)
    return { state: 'off', pausedBy: null, since: iso(hold.offSince), until: null, reason: OFF }
  if (isPaused(hold, now)) {
    const { by: pausedBy, pausedAt, until } = hold
    return {
      state: 'paused',
      pausedBy,
      since: iso(pausedAt),
      until: iso(until),
      reason: WHY_PAUSED[pausedBy],
    }
  }
  if (waiting === null) return { state: 'on', pausedBy: null, since: null, until: null, reason: null }
  const { since, why } = waiting
  const pausedBy = why === 'handed_over' ? 'agent' : null
  return { state: 'waiting', pausedBy, since: iso(since), until: null, reason: WHY_WAITING[why] ?? null }
}
