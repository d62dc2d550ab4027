import type { MessageView } from '../../protocol/conversations/message-view.ts'
import type { Database } from '../../storage/database/database.ts'
import type { ReceivedRow } from './messages/message-rows.ts'

const HAS_REPLY = `SELECT 1 FROM outbox WHERE turn = ? AND kind = 'reply' LIMIT 1`

/** Whether the assistant answered a message of a person, will, or left it as it is. */
export function answeredState(
  database: Database,
  { author, state, turn, turn_state: turnState }: ReceivedRow,
): MessageView['answered'] {
  if (author === 'owner') return null
  if (state === 'pending' || turnState === 'open') return 'pending'
  if (turnState === 'answered') return 'answered'
  // Turns are forgotten before the messages that they answered.
  const isForgotten = turn !== null && turnState === null
  return isForgotten && database.prepare(HAS_REPLY).get(turn) !== undefined ? 'answered' : 'kept'
}
