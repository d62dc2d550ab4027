import { z } from 'zod'
import { accountIdSchema, timestampSchema } from './account/account.ts'

export const webhookIdSchema = z
  .string()
  .min(1)
  .max(64)
  .describe('Id of the webhook; the same while its URL and the list that it is in are.')

/** An event that is not posted any more by itself. */
export const deadLetterSchema = z.object({
  webhook: webhookIdSchema,
  deadLetter: z.number().int().positive().describe('For `webhooks.retry`.'),
  type: z.string().describe('The event.'),
  at: timestampSchema.describe('When it happened.'),
  attempts: z.number().int().nonnegative().describe('How often it was posted.'),
  problem: z.string().nullable().describe('What was wrong at last.'),
})

/** One entry of `webhooks`, and how its receiver is. */
export const webhookViewSchema = z.object({
  webhook: webhookIdSchema,
  place: z.string().describe('Where it stands in the config file.'),
  target: z
    .string()
    .describe('Where it leads: never more of the URL than its server, as the file writes it.'),
  events: z.array(z.string().max(64)).describe('Which events it gets, as the file names them.'),
  accounts: z.array(accountIdSchema).nullable().describe('Whose events it gets; `null`: of all accounts.'),
  texts: z.boolean().describe('Whether events carry what was written.'),
  state: z
    .enum(['idle', 'ok', 'failing', 'gone', 'misconfigured'])
    .describe(
      '`idle`: nothing was posted yet; `ok`: the last post arrived; `failing`: the last one did not, and it is tried again; `gone`: the receiver wants no more events until the file changes, `webhooks.retry` is called, or a `webhooks.test` arrives; `misconfigured`: nothing can be posted.',
    ),
  problem: z
    .string()
    .nullable()
    .describe('What is wrong and what to do, in a sentence; `null` where nothing is.'),
  lastDeliveredAt: timestampSchema.nullable().describe('When a post last arrived.'),
  failingSince: timestampSchema.nullable().describe('Since when none arrives.'),
  nextAttemptAt: timestampSchema
    .nullable()
    .describe('When something is posted next; `null` where nothing waits.'),
  queued: z.number().int().nonnegative().describe('Events that wait.'),
  dead: z
    .number()
    .int()
    .nonnegative()
    .describe('Events that are not posted any more by themselves: dead letters.'),
  dropped: z
    .number()
    .int()
    .nonnegative()
    .describe('Events that became dead letters because too many waited, since the webhook is there.'),
})

export type DeadLetterView = z.infer<typeof deadLetterSchema>
export type WebhookView = z.infer<typeof webhookViewSchema>
