import { z } from 'zod'
import { assistantStateSchema } from '../conversations/assistant-state.ts'
import { conversationIdSchema, conversationViewSchema } from '../conversations/conversation-view.ts'
import { messageViewSchema } from '../conversations/message-view.ts'
import { timestampSchema } from '../account/account.ts'
import { MAX_SEARCHED_LENGTH, searchResultSchema } from '../conversations/search-result.ts'
import { TEXT_LIMITS } from '../text/text-limits.ts'
import { truncatedSchema } from '../truncated.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

/** Of a long text, in one answer. */
export const TEXT_PIECE_LENGTH = 20_000

const conversation = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .describe(
    'The conversation: its `conversationId`, or what events call it: an E.164 number, `lid:<digits>` or `bsuid:<id>`, the address of a group.',
  )

const cursor = z.string().max(200).describe('As a former answer gave it; opaque.')

const limit = z
  .number()
  .int()
  .min(1)
  .max(100)
  .default(50)
  .describe('How many at most; fewer when their texts are long.')

const held = z.object({
  conversationId: conversationIdSchema,
  assistant: assistantStateSchema.describe('Who answers there now.'),
})

export const CONVERSATIONS_METHODS = {
  'conversations.list': {
    params: z.strictObject({
      account,
      cursor: cursor.optional(),
      limit,
      filter: z
        .enum(['all', 'unread', 'waiting'])
        .default('all')
        .describe('`unread`: with messages that nobody has read. `waiting`: a person is waited for there.'),
      text: z
        .string()
        .max(MAX_SEARCHED_LENGTH)
        .optional()
        .describe(
          'Only those whose name, number or contact fields have all of these words, or beginnings of words, found as `conversations.search` finds them. Give the same with a cursor. Older daemons refuse it.',
        ),
    }),
    result: z.object({
      conversations: z
        .array(conversationViewSchema)
        .describe('The one in which something was said last comes first.'),
      cursor: z.string().nullable().describe('For the next page; `null` at the end.'),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'conversations',
    since: '1',
    summary:
      'The conversations of an account. One walk through its pages has each conversation once, whatever arrives meanwhile ([conversations.md](conversations.md)).',
  },
  'conversations.get': {
    params: z.strictObject({ account, conversation }),
    result: z.object({ conversation: conversationViewSchema, truncated: truncatedSchema.optional() }),
    scope: 'conversations',
    since: '1',
    summary: 'One conversation.',
  },
  'conversations.messages': {
    params: z.strictObject({
      account,
      conversation,
      before: cursor.optional().describe('Only messages before this cursor.'),
      after: cursor
        .optional()
        .describe('Only messages after this cursor; not with `before`. `start`: from the oldest one on.'),
      around: z
        .string()
        .max(TEXT_LIMITS.identifier)
        .optional()
        .describe(
          'Id of a message: those around it, such as what a search has found; without a cursor. The newest ones where it is not kept.',
        ),
      limit,
    }),
    result: z.object({
      messages: z
        .array(messageViewSchema)
        .describe(
          'Oldest first. Without a cursor the newest ones. A reply stands behind the message that it answers, whenever it was written.',
        ),
      before: z.string().nullable().describe('For older messages; `null` where there are none.'),
      after: z.string().nullable().describe('For later messages; `null` where there are none.'),
      truncated: truncatedSchema.optional(),
    }),
    scope: 'conversations',
    since: '1',
    summary: 'What was said in a conversation, page by page.',
  },
  'conversations.search': {
    params: z.strictObject({
      account,
      text: z
        .string()
        .max(MAX_SEARCHED_LENGTH)
        .describe('What a person is looking for: all of these words, or beginnings of words.'),
      conversation: conversation.optional().describe('Only there; named as in the other methods.'),
      from: timestampSchema.optional().describe('Only what was written then or later.'),
      to: timestampSchema.optional().describe('Only what was written before.'),
      cursor: cursor.optional(),
      limit: limit.describe('How many at most. A page may have fewer although others follow.'),
    }),
    result: searchResultSchema,
    scope: 'conversations',
    since: '1',
    summary: 'Finds what was said, in any script ([conversations.md](conversations.md#search)).',
  },
  'conversations.text': {
    params: z.strictObject({
      account,
      conversation,
      messageId: z.string().min(1).max(TEXT_LIMITS.identifier).describe('Of the message.'),
      offset: z
        .number()
        .int()
        .nonnegative()
        .max(TEXT_LIMITS.message)
        .default(0)
        .describe('Where to begin, in UTF-16 code units: `next` of the last answer.'),
    }),
    result: z.object({
      text: z.string().describe(`At most ${TEXT_PIECE_LENGTH} characters.`),
      next: z.number().int().nullable().describe('Where the rest begins; `null` at the end.'),
    }),
    scope: 'conversations',
    since: '1',
    summary: 'The whole text of a message that `conversations.messages` gives cut (`isCut`), piece by piece.',
  },
  'conversations.takeOver': {
    params: z.strictObject({
      account,
      conversation,
      minutes: z
        .number()
        .int()
        .min(1)
        .max(525_600)
        .nullable()
        .optional()
        .describe(
          'For how long; `null`: until it is handed back. Without it `takeover.minutes` of the config.',
        ),
    }),
    result: held,
    scope: 'send',
    since: '1',
    summary:
      'A person answers there from now on: ends the turn that runs, and withdraws what is not out ([takeover.md](takeover.md)).',
  },
  'conversations.resume': {
    params: z.strictObject({ account, conversation }),
    result: held,
    scope: 'send',
    since: '1',
    summary:
      'Hands a conversation back to the assistant; nobody is waited for there any more. Where the assistant is switched off, it stays so. An assistant hands back only what it left to a person itself.',
  },
  'conversations.setAssistant': {
    params: z.strictObject({
      account,
      conversation,
      on: z.boolean().describe('False: what people write there is stored, and never answered.'),
    }),
    result: held,
    scope: 'send',
    since: '1',
    summary:
      'Switches the assistant on or off in one conversation. On, it answers at once: also where a person had taken it over. An assistant cannot switch itself on there.',
  },
  'conversations.markRead': {
    params: z.strictObject({
      account,
      conversation,
      until: z
        .string()
        .min(1)
        .max(TEXT_LIMITS.identifier)
        .optional()
        .describe('Id of the last message that was read; without it all.'),
    }),
    result: z.object({
      conversationId: conversationIdSchema,
      unread: z.number().int().nonnegative().describe('How many are left.'),
    }),
    scope: 'send',
    since: '1',
    summary:
      'The owner of the account has read there. People who may write see it, where `sendReadReceipts` lets them.',
  },
} as const satisfies Record<`conversations.${string}`, MethodDefinition>
