import { kindOfIncoming } from '../../messaging/content-kind.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import type { IntakeVerdict } from '../../messaging/sink.ts'
import type { ConversationsDependencies } from '../conversations-dependencies.ts'

/** The verdict of `receive` on a message, counted and traced. Throws what `receive` throws. */
export function observeIntake(
  { counts, traces }: Pick<ConversationsDependencies, 'counts' | 'traces'>,
  { id, content }: IncomingMessage,
  receive: () => IntakeVerdict,
): IntakeVerdict {
  const judged = traces?.judging(id)
  const verdict = receive()
  judged?.(verdict)
  counts.received.add(`${kindOfIncoming(content)} ${verdict}`)
  return verdict
}
