import { z } from 'zod'
import { boundedPage } from '../bounded-page.ts'
import { defineTool } from '../tool.ts'
import { account, cursor, limit } from './parameters.ts'
import { shownConversation, shownConversationSchema } from './shown-conversation.ts'

export const listConversations = defineTool({
  name: 'list_conversations',
  title: 'List WhatsApp conversations',
  description:
    'The WhatsApp conversations of an account, the one in which something was said last first. For what was said use read_conversation, to find words search_messages.',
  scope: 'conversations',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({
    account,
    filter: z
      .enum(['all', 'unread', 'waiting'])
      .default('all')
      .describe('unread: with messages that nobody has read. waiting: where a person is waited for.'),
    text: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Only those whose name, number or contact fields have these words. The same with a cursor.'),
    cursor,
    limit,
  }),
  output: z.object({
    conversations: z.array(shownConversationSchema),
    cursor: z.string().nullable().describe('For the next page; null at the end.'),
  }),
  run: (given, call) =>
    boundedPage(async (atMost) => {
      const page = await call('conversations.list', { ...given, limit: atMost })
      return { conversations: page.conversations.map(shownConversation), cursor: page.cursor }
    }, given.limit),
})
