import { z } from 'zod'
import { outboxEntrySchema, outboxListSchema } from '../outbox-entry.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

const messageId = z.string().min(1).max(128).describe("WhatsApp's id of the message.")

export const OUTBOX_METHODS = {
  'outbox.list': {
    params: z.strictObject({
      account,
      state: z.enum(['queued', 'failed']).optional().describe('Only these; without it both.'),
      before: messageId.optional().describe('Only messages that are older than this one.'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(50)
        .describe('How many at most; fewer when their texts are long.'),
    }),
    result: outboxListSchema,
    scope: 'send',
    since: '1',
    summary: 'The messages that were not sent: those that wait, and those that failed.',
  },
  'outbox.retry': {
    params: z.strictObject({ account, messageId }),
    result: z.object({ message: outboxEntrySchema.describe('The message, queued again.') }),
    scope: 'send',
    since: '1',
    summary: 'Sends a failed message again, under the same id and before the later ones of its conversation.',
  },
  'outbox.discard': {
    params: z.strictObject({ account, messageId }),
    result: z.object({ messageId: messageId.describe('The message that was discarded.') }),
    scope: 'send',
    since: '1',
    summary: 'Discards a message that failed or waits; it is never sent and its text is erased.',
  },
} as const satisfies Record<`outbox.${string}`, MethodDefinition>
