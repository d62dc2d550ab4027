import { z } from 'zod'
import { timestampSchema } from '../../../protocol/account/account.ts'
import { MESSAGE_ORIGINS } from '../../../protocol/conversations/message-view.ts'
import { MAX_SEARCHED_LENGTH } from '../../../protocol/conversations/search-result.ts'
import { boundedPage } from '../bounded-page.ts'
import { defineTool } from '../tool.ts'
import { plainId, untrusted, untrustedSchema } from '../untrusted.ts'
import { account, conversation, cursor, limit } from './parameters.ts'

const hitSchema = z.object({
  conversationId: z.string(),
  conversation: z.string().nullable(),
  messageId: z.string().nullable(),
  from: z.enum(MESSAGE_ORIGINS),
  at: z.string(),
  snippet: untrustedSchema,
})

export const searchMessages = defineTool({
  name: 'search_messages',
  title: 'Search WhatsApp messages',
  description:
    'Finds messages with all of these words, or beginnings of words, in any language, newest first. read_conversation with `around` shows what was said before and after a hit.',
  scope: 'conversations',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({
    account,
    text: z.string().min(1).max(MAX_SEARCHED_LENGTH).describe('The words.'),
    conversation: conversation.optional().describe('Only there.'),
    from: timestampSchema
      .optional()
      .describe('Only what was written then or later, such as 2026-01-31T00:00:00Z.'),
    to: timestampSchema.optional().describe('Only what was written before.'),
    cursor,
    limit,
  }),
  output: z.object({
    hits: z.array(hitSchema),
    cursor: z.string().nullable().describe('For the next page; null at the end.'),
    indexing: z.boolean().describe('True: some of what was said is found only a while later.'),
  }),
  run: (given, call) =>
    boundedPage(async (atMost) => {
      const page = await call('conversations.search', { ...given, limit: atMost })
      const hits = page.hits.map((hit) => ({
        conversationId: hit.conversationId,
        conversation: plainId(hit.conversation),
        messageId: plainId(hit.messageId),
        from: hit.from,
        at: hit.at,
        snippet: untrusted(hit.snippet.map((piece) => piece.text).join('')),
      }))
      return { hits, cursor: page.cursor, indexing: page.indexing }
    }, given.limit),
})
