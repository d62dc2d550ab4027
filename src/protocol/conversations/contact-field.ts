import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'

/** The longest that the notes of a contact may be, and every other field, in UTF-16 code units. */
export const CONTACT_VALUE_LIMITS = { notes: 4_000, other: 500 } as const

/** Of a conversation, the config and the answer of an agent alike. */
export const contactFieldNameSchema = z
  .string()
  .regex(/^\p{L}[\p{L}\p{M}\p{N}_-]{0,39}$/u)
  .describe('`name`, `email`, `company`, `notes`, or one that `contactFields` of the config declares.')

export const contactFieldSchema = z.object({
  name: contactFieldNameSchema,
  value: z.string().describe('One line; `notes` may have several. Never empty.'),
  setBy: z
    .enum(['agent', 'owner', 'api'])
    .describe('An answer of the assistant, the owner in a dashboard, or a program over the API.'),
  at: timestampSchema.describe('When it was set.'),
})

/** One thing that is known of the person, or the group, behind a conversation. */
export type ContactField = z.infer<typeof contactFieldSchema>
