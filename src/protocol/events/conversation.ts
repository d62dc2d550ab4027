import { z } from 'zod'
import { accountIdSchema, timestampSchema } from '../account/account.ts'
import { assistantStateSchema } from '../conversations/assistant-state.ts'
import { conversationIdSchema, conversationViewSchema } from '../conversations/conversation-view.ts'
import { conversationNameSchema } from './conversation-name.ts'
import type { EventDefinition } from './event.ts'

export const CONVERSATION_EVENTS = {
  'conversation.updated': {
    payload: z.object({
      account: accountIdSchema,
      conversation: z.string().describe('As in `message.*`.'),
      conversationId: conversationIdSchema,
      conversationName: conversationNameSchema,
      formerId: conversationIdSchema
        .optional()
        .describe(
          'Id of another conversation that turned out to be this one, because a number became known: everything of it is here now. Otherwise absent.',
        ),
      at: timestampSchema.describe('When it changed.'),
      assistant: assistantStateSchema
        .optional()
        .describe('Who answers there now. Absent from older daemons.'),
      view: conversationViewSchema
        .optional()
        .describe(
          'The conversation as it is now. Only for tokens with scope `conversations`; absent where it is gone meanwhile, and where many events are sent again.',
        ),
    }),
    scope: 'read',
    stored: true,
    restricted: { field: 'view', scope: 'conversations', filled: 'conversation' },
    summary:
      'Something in a conversation changed: a message, its state, what is unread, whether the assistant answers there. Changes in quick succession are one event.',
    since: '1',
  },
  'conversation.forgotten': {
    payload: z.object({
      account: accountIdSchema,
      conversationId: conversationIdSchema
        .nullable()
        .describe('Of the conversation that is gone; `null` where the person had written in groups alone.'),
      at: timestampSchema.describe('When it was erased.'),
    }),
    scope: 'read',
    stored: true,
    summary:
      'Somebody was forgotten: what they said is erased, here and in groups. Read the conversations that are shown again. The event names nobody.',
    since: '1',
  },
} as const satisfies Record<`conversation.${string}`, EventDefinition>
