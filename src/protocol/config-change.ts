import { z } from 'zod'
import { accountIdSchema } from './account.ts'

const segment = z.string().min(1).max(200)
const entries = z.array(z.string().min(1).max(100)).min(1).max(1_000)
const KINDS = ['unset', 'add', 'remove'] as const

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
    add: entries
      .optional()
      .describe(
        'Instead of `value`, for `allowFrom` and `groupAllowFrom`: entries that the list gets; the others stay. An account without a list of its own gets one that begins with what holds for it.',
      ),
    remove: entries.optional().describe('The same for entries that the list loses.'),
  })
  .refine(
    (change) =>
      KINDS.filter((kind) => kind in change && change[kind] !== undefined).length +
        Number('value' in change) ===
      1,
    {
      message: 'exactly one of "value", "unset", "add" and "remove" must be given',
    },
  )

export const confirmationsSchema = z
  .array(z.enum(['everybody', 'nobody', 'wholeList']))
  .max(3)
  .optional()
  .describe(
    'What a person has confirmed: that `everybody` may talk to the assistant from now on, or `nobody`, or that a list that is too long for one answer is replaced as a whole (`wholeList`). Without it such an edit is refused with `confirmation_required`.',
  )
