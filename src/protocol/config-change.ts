import { z } from 'zod'
import { accountIdSchema } from './account.ts'

const segment = z.string().min(1).max(200)

/** One setting of `config.update`. */
export const configChangeSchema = z
  .strictObject({
    account: accountIdSchema
      .optional()
      .describe(
        'The account that it is set for; without it the root, which holds for every account that sets nothing itself.',
      ),
    path: z
      .union([segment, z.array(segment).min(1).max(8)])
      .describe(
        'The key, such as `ackReaction.emoji`; as a list of names where one of them has a dot: `["senders", "+15555550101", "agent"]`.',
      ),
    value: z.unknown().optional().describe('The value, as it would stand in the file.'),
    unset: z.literal(true).optional().describe('Instead of `value`: takes the key out of the file.'),
  })
  .refine((change) => (change.unset === true) !== 'value' in change, {
    message: 'either "value" or "unset" must be given',
  })

export const confirmationsSchema = z
  .array(z.enum(['everybody', 'nobody']))
  .max(2)
  .optional()
  .describe(
    'What a person has confirmed: that `everybody` may talk to the assistant from now on, or `nobody`. Without it such an edit is refused with `confirmation_required`.',
  )
