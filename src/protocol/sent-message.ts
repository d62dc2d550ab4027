import { z } from 'zod'
import { timestampSchema } from './account/account.ts'
import { WAITS } from './outbox-entry.ts'

/** WhatsApp's own limit is 65,536; a frame of the WebSocket has room for about as many bytes. */
export const MAX_SENT_TEXT = 60_000
/** Longer captions are cut by WhatsApp's apps. */
export const MAX_SENT_CAPTION = 1_024

/** A message of ours, without its words. */
export const sentMessageSchema = z.object({
  messageId: z.string().describe("WhatsApp's id of the message; a retry keeps it."),
  clientMessageId: z
    .string()
    .nullable()
    .describe("The caller's own id of the request; `null` for a message that answers a question."),
  conversationId: z.string().describe('The conversation that it is in.'),
  conversation: z.string().describe('As in `message.*`.'),
  state: z
    .enum(['queued', 'sent', 'delivered', 'read', 'failed', 'discarded'])
    .describe(
      '`queued`: stored, and not acknowledged by WhatsApp yet; `sent`: acknowledged; `delivered` and `read`: as the recipient’s phone says; `failed`: see `failure`; `discarded`: a person threw it away.',
    ),
  waitsFor: z
    .enum(WAITS)
    .nullable()
    .describe('What a queued one waits for, as in `outbox.list`; `null` in every other state.'),
  queuedAt: timestampSchema.describe('When it was stored.'),
  failure: z
    .object({
      code: z.string().describe('As in `message.failed`.'),
      message: z.string().describe('One sentence for a person.'),
    })
    .nullable()
    .describe('Why it failed; `null` in every other state.'),
})

export type SentMessage = z.infer<typeof sentMessageSchema>
