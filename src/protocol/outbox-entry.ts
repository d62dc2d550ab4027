import { z } from 'zod'
import { timestampSchema } from './account/account.ts'
import { truncatedSchema } from './truncated.ts'

/** Texts in a list are cut off here; the message itself is not. */
export const LISTED_TEXT_LENGTH = 1_000

/** A message of ours that was not sent: it waits, or it failed. */
export const outboxEntrySchema = z.object({
  messageId: z.string().describe("WhatsApp's id of the message; a retry keeps it."),
  conversation: z.string().describe('As in `message.*`.'),
  kind: z
    .enum(['reply', 'notice'])
    .describe("`reply` is the assistant's; `notice` a sentence of the daemon's own."),
  text: z.string().describe(`At most ${LISTED_TEXT_LENGTH} characters; a longer one is cut and ends in "…".`),
  state: z.enum(['queued', 'failed']).describe('Whether it waits to go out, or failed for good.'),
  queuedAt: timestampSchema.describe('When it was written.'),
  attempts: z.number().int().nonnegative().describe('Sends without an answer.'),
  waitsFor: z
    .enum(['connection', 'pace', 'retry', 'turn'])
    .nullable()
    .describe(
      'What a queued one waits for: the connection, the limits of `pace`, the next try after a lost answer, or those before it. `null` when it failed.',
    ),
  failure: z
    .object({
      code: z.string().describe('As in `message.failed`.'),
      message: z.string().describe('One sentence for a person.'),
      at: timestampSchema.describe('When it failed.'),
    })
    .nullable()
    .describe('Why it failed; `null` while it is queued.'),
})

export type OutboxEntry = z.infer<typeof outboxEntrySchema>

export const outboxListSchema = z.object({
  messages: z.array(outboxEntrySchema).describe('Newest first.'),
  more: z.boolean().describe('Whether older ones are there: ask again with `before`.'),
  queued: z.number().int().nonnegative().describe('How many wait in the whole account.'),
  failed: z.number().int().nonnegative().describe('How many failed in the whole account.'),
  pacedUntil: timestampSchema
    .nullable()
    .describe('When the limits of `pace` let the next message out; `null` while they hold up nothing.'),
  truncated: truncatedSchema.optional(),
})

export type OutboxList = z.infer<typeof outboxListSchema>

/** The parameters of `outbox.list`. */
export interface OutboxQuery {
  state?: 'queued' | 'failed' | undefined
  /** Id of a message: only older ones. */
  before?: string | undefined
  limit: number
}
