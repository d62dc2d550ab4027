import { z } from 'zod'
import { accountIdSchema } from '../account/account.ts'
import type { MethodDefinition } from './method.ts'

const count = z.number().int().nonnegative()
const monthSchema = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, { error: 'Must be a month such as 2026-01' })
  .describe('A calendar month in UTC, such as `2026-01`.')

const chargesSchema = z.object({
  charged: count.describe('Messages of which WhatsApp says that they cost.'),
  free: count.describe('Messages of which it says that they do not.'),
  categories: z
    .array(
      z.object({
        category: z.string().describe("WhatsApp's word: `service`, `utility`, `marketing`, …"),
        charged: count,
        free: count,
      }),
    )
    .describe('The same by category.'),
  freeTier: z
    .object({
      used: count.describe('Messages of category `service` that count for it.'),
      limit: count.describe('Free messages a month.'),
      isConfirmed: z
        .boolean()
        .describe('`false`: WhatsApp itself has not confirmed this number; take it as a guess.'),
    })
    .describe('Free messages of the month, as far as known.'),
})

const usageSchema = z.object({
  answers: count.describe(
    'Turns that an assistant answered, each once, however many messages its answer took.',
  ),
  messagesIn: count.describe('Messages of people who may write.'),
  messagesOut: count.describe('Messages that WhatsApp acknowledged, whoever wrote them; reactions are none.'),
  tokens: z
    .object({
      input: count.describe('That the models read.'),
      output: count.describe('That they wrote.'),
      answers: count.describe('Of how many of the answers this was told; of the others nothing is known.'),
    })
    .nullable()
    .describe('`null` where no agent told anything. Also of answers that failed.'),
  charges: chargesSchema
    .nullable()
    .optional()
    .describe(
      'What WhatsApp says of the price of messages of ours, each counted once; `null` of accounts whose messages cost nothing.',
    ),
})

export const USAGE_METHODS = {
  'usage.get': {
    params: z.strictObject({
      account: accountIdSchema.optional().describe('Only this account; without it every one.'),
      month: monthSchema.optional().describe('Without it the present month, in UTC.'),
    }),
    result: z.object({
      month: monthSchema,
      accounts: z.array(
        z.object({
          account: accountIdSchema,
          usage: usageSchema.nullable().describe('`null` while the files of the account are closed.'),
        }),
      ),
      months: z
        .array(monthSchema)
        .describe('Of which something is known, newest first; 24 are kept of each account.'),
    }),
    scope: 'read',
    since: '1',
    summary: 'What each account did in a calendar month, counted once whatever crashes.',
  },
} as const satisfies Record<`usage.${string}`, MethodDefinition>
