import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'

/** Why tokens were refused lately, as the owner of the sandbox reads it. */
export const refusedTokenSchema = z.object({
  reason: z
    .string()
    .describe(
      'A stable code: a reason of [`unauthorized`](#authentication-and-origins), or one of those that only the owner learns.',
    ),
  message: z.string().describe('One sentence for a person.'),
  action: z.string().describe('What they can do.'),
  detail: z
    .string()
    .nullable()
    .describe(
      'The claim, or the settings and what is wrong with them; `null` where there is nothing to name.',
    ),
  count: z
    .number()
    .int()
    .positive()
    .describe('How many came since the keys and settings of now are in force.'),
  lastAt: timestampSchema.describe('When the last one came.'),
})

export type RefusedTokenView = z.infer<typeof refusedTokenSchema>
