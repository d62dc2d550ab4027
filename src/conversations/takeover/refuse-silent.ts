import { DaemonError } from '../../protocol/errors.ts'
import type { HoldSkip } from './takeover.ts'

/** Why a message of an assistant does not go out in a chat that it is silent in. */
export function refuseSilent(
  reason: HoldSkip,
  action = 'Send nothing there until the chat is handed back to the assistant.',
): DaemonError {
  return new DaemonError('recipient_not_allowed', {
    message:
      reason === 'assistant_off'
        ? 'The assistant is switched off in this chat.'
        : 'A person has taken this chat over from the assistant.',
    action,
    details: { reason },
  })
}
