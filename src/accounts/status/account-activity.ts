import type { Conversations } from '../../conversations/conversations.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import { storedTime } from '../../storage/database/stored-time.ts'

/** Signs of life, with the answers since `since`. Throws what the disk says. */
export function accountActivity(
  conversations: Pick<Conversations, 'activity'>,
  since: Date,
): MethodResult<'accounts.activity'> {
  const { lastMessageAt, lastAnswerAt, ...counts } = conversations.activity(since.getTime())
  const iso = (at: number | null): string | null => (at === null ? null : storedTime(at).toISOString())
  return { lastMessageAt: iso(lastMessageAt), lastAnswerAt: iso(lastAnswerAt), ...counts }
}
