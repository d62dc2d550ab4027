import { z } from 'zod'

/**
 * What an answer or an event that would have been larger than a frame says about itself: one entry for each list or text
 * that is not complete.
 */
export const truncatedSchema = z
  .array(
    z.object({
      path: z
        .string()
        .describe(
          'Where: names with dots, `[]` for every entry of a list, such as `snapshot.blocked` or `accounts[].name`.',
        ),
      total: z
        .number()
        .int()
        .nonnegative()
        .describe(
          'How many entries the list has, or characters the text; together, where the path names several.',
        ),
      kept: z.number().int().nonnegative().describe('How many of them are here.'),
    }),
  )
  .describe(
    'Only where the whole is larger than a frame may be: lists that lost their last entries, and texts that were cut.',
  )

export type Truncated = z.infer<typeof truncatedSchema>
