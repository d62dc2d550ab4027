import { z } from 'zod'
import { accountIdSchema, phoneNumberSchema, timestampSchema } from '../account/account.ts'
import { contactFieldSchema } from './contact-field.ts'
import { assistantStateSchema } from './assistant-state.ts'
import { MESSAGE_ORIGINS, MESSAGE_KINDS, MESSAGE_STATES } from './message-view.ts'

/** Of the last message in a list of conversations. */
export const SHOWN_TEXT_LENGTH = 200

export const conversationIdSchema = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, 'decimal digits')
  .describe(
    'Id of the conversation. It stays when the number of the person becomes known; an id of two that turned out to be one goes on leading to it.',
  )

const lastMessageSchema = z.object({
  messageId: z.string().describe('As in `message.*`.'),
  from: z.enum(MESSAGE_ORIGINS),
  text: z.string().describe(`At most ${SHOWN_TEXT_LENGTH} characters; a longer one is cut and ends in "…".`),
  kind: z.enum(MESSAGE_KINDS),
  at: timestampSchema,
  state: z.enum(MESSAGE_STATES),
})

/** One conversation as a dashboard shows it: a person, a group, or the owner with themself. Scope `conversations`. */
export const conversationViewSchema = z.object({
  account: accountIdSchema,
  conversationId: conversationIdSchema,
  conversation: z.string().describe('What events call it: as in `message.*`.'),
  sessionId: z
    .string()
    .optional()
    .describe(
      'Under which assistants keep what they remember of it, as `sessionId` of a turn: `wa_<digits>`, `wa_<id>` of a person with an id for a business and no known number. Absent from older daemons.',
    ),
  kind: z.enum(['direct', 'self', 'group']).describe('`self`: the chat of the owner with themself.'),
  name: z
    .string()
    .nullable()
    .describe(
      'What the person is called: by the contact field `name`, else by the config, else by themself on WhatsApp. Of a group its title. `null` where nobody said.',
    ),
  phoneNumber: phoneNumberSchema
    .nullable()
    .describe('`null` for a group, and while the number is not known.'),
  source: z.enum(['linked-device', 'cloud-api']).describe('How its messages come and go.'),
  unread: z
    .number()
    .int()
    .nonnegative()
    .describe(
      "Messages of people since the account's owner last read there, on the phone or by `conversations.markRead`.",
    ),
  lastMessage: lastMessageSchema.nullable().describe('`null` where none is kept.'),
  lastAt: timestampSchema.nullable().describe('When something was last said there.'),
  assistant: assistantStateSchema,
  isAllowed: z
    .boolean()
    .describe('Whether the person may write now; of a group, whether the assistant listens there.'),
  window: z
    .object({
      state: z.enum(['open', 'closed']),
      until: timestampSchema
        .nullable()
        .describe('When it closes, or has closed; `null` where the person never wrote.'),
      freeUntil: timestampSchema
        .nullable()
        .optional()
        .describe('Until when messages there cost nothing, because the person came from an advertisement.'),
    })
    .nullable()
    .describe(
      'Whether something else than a template may be sent; `null` where WhatsApp knows no such limit.',
    ),
  fields: z.array(contactFieldSchema).describe('What is noted about the person.'),
})

export type ConversationView = z.infer<typeof conversationViewSchema>
