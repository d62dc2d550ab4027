import { z } from 'zod'
import { accountIdSchema, timestampSchema } from '../account/account.ts'
import { contactFieldNameSchema, contactFieldSchema } from '../conversations/contact-field.ts'
import { conversationNameSchema } from './conversation-name.ts'
import type { EventDefinition } from './event.ts'

export const CONTACT_EVENTS = {
  'contact.updated': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      conversationName: conversationNameSchema,
      conversationId: z.string().describe('Stays the same when the number of the person becomes known.'),
      changed: z.array(contactFieldNameSchema).describe('The fields that were set, changed or emptied.'),
      setBy: contactFieldSchema.shape.setBy,
      at: timestampSchema.describe('When it happened.'),
      fields: z
        .array(contactFieldSchema)
        .optional()
        .describe('All fields that have a value now; for scope `conversations` only.'),
    }),
    scope: 'read',
    stored: true,
    restricted: { field: 'fields', scope: 'conversations', filled: 'contact' },
    summary: 'What is known of the person or the group behind a conversation was changed.',
    since: '1',
  },
} as const satisfies Record<`contact.${string}`, EventDefinition>
