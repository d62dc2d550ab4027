import { z } from 'zod'
import { timestampSchema } from '../account/account.ts'
import { truncatedSchema } from '../truncated.ts'
import { conversationIdSchema } from './conversation-view.ts'
import { MESSAGE_ORIGINS } from './message-view.ts'

/** Of the words that are looked for. */
export const MAX_SEARCHED_LENGTH = 200

const hitSchema = z.object({
  conversationId: conversationIdSchema,
  conversation: z.string().describe('What events call it: as in `message.*`.'),
  messageId: z.string().describe('As in `message.*`.'),
  from: z.enum(MESSAGE_ORIGINS),
  at: timestampSchema.describe('When it was written.'),
  snippet: z
    .array(z.object({ text: z.string(), isHit: z.boolean() }))
    .describe('A piece of the message as it was written, in its order; `isHit`: what was looked for.'),
})

export const searchResultSchema = z.object({
  hits: z.array(hitSchema).describe('Newest first.'),
  cursor: z.string().nullable().describe('For the next page; `null` at the end.'),
  indexing: z
    .boolean()
    .describe('Some of what was said is not in the index yet, and is found a while later.'),
  truncated: truncatedSchema.optional(),
})

export type SearchResult = z.infer<typeof searchResultSchema>
