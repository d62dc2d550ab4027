import type { HoldSkip } from '../takeover/takeover.ts'
import type { OutboxRow } from './outbox-store.ts'

/**
 * Why a message of an assistant may not go out where a person answers; `null` where it may. What answers a turn is withdrawn with it.
 * `whySilent`: why the assistant says nothing in a conversation.
 */
export function whySilenced(
  whySilent: (conversation: number) => HoldSkip | null,
  { author, client_message_id: clientMessageId, conversation }: OutboxRow,
): HoldSkip | null {
  return author === 'assistant' && clientMessageId !== null ? whySilent(conversation) : null
}
