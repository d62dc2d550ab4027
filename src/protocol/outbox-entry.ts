import { z } from 'zod'
import { timestampSchema } from './account/account.ts'
import { truncatedSchema } from './truncated.ts'

/** Texts in a list are cut off here; the message itself is not. */
export const LISTED_TEXT_LENGTH = 1_000

/** What a message that is not out can wait for. */
export const WAITS = ['connection', 'pace', 'limit', 'status', 'retry', 'turn'] as const

const holdSchema = z.object({
  until: timestampSchema.describe('When it is tried again.'),
  code: z
    .string()
    .describe(
      '`pair_rate`: too many messages to this person in a short time; `number_rate`, `account_rate`: of the number, of the whole account; `token`, `number_not_ready`, `account_restricted`: the account must be looked after.',
    ),
  message: z.string().describe('One or two sentences for a person: why, and what to do.'),
})

/** A message of ours that was not sent: it waits, or it failed. */
export const outboxEntrySchema = z.object({
  messageId: z.string().describe("WhatsApp's id of the message; a retry keeps it."),
  conversation: z.string().describe('As in `message.*`.'),
  kind: z
    .enum(['reply', 'notice', 'message', 'change'])
    .describe(
      "`reply` is the assistant's answer; `notice` a sentence of the daemon's own; `message` was sent by a program or a dashboard (`messages.send`); `change` edits or deletes an earlier message.",
    ),
  text: z.string().describe(`At most ${LISTED_TEXT_LENGTH} characters; a longer one is cut and ends in "…".`),
  state: z.enum(['queued', 'failed']).describe('Whether it waits to go out, or failed for good.'),
  queuedAt: timestampSchema.describe('When it was written.'),
  attempts: z.number().int().nonnegative().describe('Sends without an answer.'),
  waitsFor: z
    .enum(WAITS)
    .nullable()
    .describe(
      'What a queued one waits for: the connection, the limits of `pace`, a limit of WhatsApp’s (see `hold`), the status that tells whether it went out although its answer was lost, the next try, or those before it (`turn`). `null` when it failed.',
    ),
  hold: holdSchema
    .nullable()
    .optional()
    .describe(
      'Why WhatsApp takes nothing for this conversation now; `null` where `waitsFor` is not `limit`. Older daemons leave it out.',
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
  hold: holdSchema
    .nullable()
    .optional()
    .describe(
      'Why WhatsApp takes nothing at all from this account now; `null` while it takes something. Older daemons leave it out.',
    ),
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
