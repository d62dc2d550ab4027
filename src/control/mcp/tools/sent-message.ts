import { z } from 'zod'
import type { SentMessage } from '../../../protocol/sent-message.ts'
import { plainId } from '../untrusted.ts'

/** What became of what a tool sent. */
export const sentSchema = z.object({
  messageId: z.string().nullable(),
  conversationId: z.string(),
  state: z
    .enum(['queued', 'sent', 'delivered', 'read', 'failed', 'discarded'])
    .describe('queued: stored, and sent in its turn; read_conversation shows what becomes of it.'),
  waitsFor: z.string().nullable().describe('What a queued one waits for.'),
  failure: z.string().optional(),
  warning: z.string().optional(),
})

export function sentResult(
  sent: SentMessage & { warning?: { message: string } | undefined },
): z.infer<typeof sentSchema> {
  const { messageId, conversationId, state, waitsFor, failure, warning } = sent
  return {
    messageId: plainId(messageId),
    conversationId,
    state,
    waitsFor,
    ...(failure && { failure: failure.message }),
    ...(warning && { warning: warning.message }),
  }
}
