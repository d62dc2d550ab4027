import { z } from 'zod'
import { deadLetterSchema, webhookIdSchema, webhookViewSchema } from '../webhook-view.ts'
import type { MethodDefinition } from './method.ts'

export const WEBHOOKS_METHODS = {
  'webhooks.list': {
    params: z.strictObject({}),
    result: z.object({
      webhooks: z.array(webhookViewSchema).describe('In the order of the file, 20 at most.'),
      deadLetters: z
        .array(deadLetterSchema)
        .describe('Events that were given up: of each webhook the newest 10, newest first.'),
    }),
    scope: 'config',
    since: '1',
    summary: 'Where events are posted to, and how each receiver is. No answer holds a URL or a secret.',
  },
  'webhooks.retry': {
    params: z.strictObject({
      webhook: webhookIdSchema,
      deadLetter: z
        .number()
        .int()
        .positive()
        .optional()
        .describe('Only this dead letter; without it all of them.'),
    }),
    result: z.object({
      webhook: webhookViewSchema,
      requeued: z.number().int().nonnegative().describe('How many dead letters wait again.'),
    }),
    scope: 'config',
    since: '1',
    summary:
      'Posts at once what waits, and dead letters again, before the later events of their conversations.',
  },
  'webhooks.test': {
    params: z.strictObject({ webhook: webhookIdSchema }),
    result: z.object({
      webhook: webhookIdSchema,
      ok: z.boolean().describe('Whether it was answered with a status of 200 to 299.'),
      status: z.number().int().nullable().describe('Of the HTTP answer; `null` where there was none.'),
      problem: z.string().nullable().describe('What is wrong and what to do, in a sentence.'),
      tookMs: z.number().nonnegative().describe('Milliseconds.'),
    }),
    scope: 'config',
    since: '1',
    summary: 'Posts an event `webhook.test` now, which holds nothing, and says what came of it.',
  },
} as const satisfies Record<`webhooks.${string}`, MethodDefinition>
