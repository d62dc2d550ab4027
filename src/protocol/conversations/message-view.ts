import { z } from 'zod'
import { phoneNumberSchema, timestampSchema } from '../account/account.ts'
import { messageDetailSchema } from '../agent/message-detail.ts'

/** Texts of messages are cut here. */
export const MESSAGE_TEXT_LENGTH = 8_000

/** Who said it: a person, the assistant (or the daemon itself), or the account's owner. */
export const MESSAGE_ORIGINS = ['person', 'assistant', 'owner'] as const
export const MESSAGE_KINDS = ['message', 'notice', 'unsupported'] as const
export const MESSAGE_STATES = [
  'received',
  'queued',
  'sent',
  'delivered',
  'read',
  'failed',
  'discarded',
] as const

const fileSchema = z.object({
  mediaId: z.string().nullable().describe('Of the file; `null` where it cannot be had.'),
  kind: z.enum(['image', 'voice', 'audio', 'video', 'document', 'sticker', 'other']),
  mimeType: z.string().nullable().describe('What its bytes show it to be, else what its sender says.'),
  name: z.string().nullable().describe("By its sender's word."),
  size: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe("Bytes; by its sender's word until it is `ready`."),
  state: z
    .enum(['ready', 'loading', 'failed', 'gone'])
    .describe('`gone`: it was here and is deleted again, because of its age or for want of room.'),
  problem: z.string().nullable().describe('Why it cannot be had, in one sentence.'),
})

/** One message as a dashboard shows it. Scope `conversations`: everything in it but our own words is what other people say. */
export const messageViewSchema = z.object({
  messageId: z.string().describe('As in `message.*`.'),
  conversationId: z.string().describe('Id of the conversation.'),
  from: z.enum(MESSAGE_ORIGINS).describe('`owner`: by hand, on a phone, in a dashboard or by the API.'),
  sender: z
    .object({ name: z.string().nullable(), phoneNumber: phoneNumberSchema.nullable() })
    .nullable()
    .describe(
      'The person who wrote it, in a direct chat called as the conversation is; `null` where that is the account itself.',
    ),
  kind: z
    .enum(MESSAGE_KINDS)
    .describe(
      "`notice`: a sentence of the daemon's own. `unsupported`: something that cannot be shown here; `text` names it.",
    ),
  text: z
    .string()
    .describe(
      `At most ${MESSAGE_TEXT_LENGTH} characters. Files are named in it, in brackets. Empty where it was deleted.`,
    ),
  isCut: z.literal(true).optional().describe('The text is longer.'),
  at: timestampSchema.describe('When it was written.'),
  editedAt: timestampSchema.nullable().describe('When its author changed it last.'),
  isRevoked: z.boolean().describe('Its author deleted it.'),
  quote: z
    .object({
      messageId: z.string().nullable().describe('`null` where it is not kept.'),
      from: z.enum(MESSAGE_ORIGINS),
      text: z.string(),
    })
    .nullable()
    .describe('The message that it answers visibly.'),
  reactions: z
    .array(
      z.object({
        emoji: z.string(),
        from: z.enum(MESSAGE_ORIGINS),
        sender: z.string().nullable().describe('The number of the person, or what events call them.'),
      }),
    )
    .describe('The last one of each person.'),
  files: z.array(fileSchema),
  transcript: z.string().nullable().describe('What a machine heard in its sound.'),
  details: z.array(messageDetailSchema).describe('Places, contacts, polls, … in fields.'),
  state: z
    .enum(MESSAGE_STATES)
    .describe('`received`: it came to us, or the owner wrote it on a phone. All others are of what we send.'),
  failure: z
    .object({ code: z.string().describe('As in `message.failed`.'), message: z.string() })
    .nullable()
    .describe('Why it failed.'),
  answered: z
    .enum(['answered', 'pending', 'kept'])
    .nullable()
    .describe(
      'What became of a message of a person: it got an answer, it will get one, or it is kept without. `null` for all others.',
    ),
  clientMessageId: z.string().nullable().describe('What the one who sent it by `messages.send` called it.'),
})

export type MessageView = z.infer<typeof messageViewSchema>
