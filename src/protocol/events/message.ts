import { z } from 'zod'
import { accountIdSchema, phoneNumberSchema, timestampSchema } from '../account/account.ts'
import { conversationIdSchema } from '../conversations/conversation-view.ts'
import { messageViewSchema } from '../conversations/message-view.ts'
import { conversationNameSchema } from './conversation-name.ts'
import type { EventDefinition } from './event.ts'

const at = timestampSchema.describe('When it happened.')
const senderName = z
  .string()
  .nullable()
  .describe('What the config calls the sender, else the name that they gave on WhatsApp.')

const messageReference = z.object({
  account: accountIdSchema,
  messageId: z.string().describe("WhatsApp's id of the message."),
  conversation: z
    .string()
    .describe(
      "The conversation: the address of a group, or the sender's number where it is known, otherwise an opaque address.",
    ),
  conversationId: conversationIdSchema
    .optional()
    .describe('Id of the conversation. Absent from older daemons.'),
  conversationName: conversationNameSchema,
  message: messageViewSchema
    .optional()
    .describe(
      'The message as it is now, with its text. Only for tokens with scope `conversations`; absent where it is gone meanwhile, and where many events are sent again.',
    ),
})

const restricted = { field: 'message', scope: 'conversations', filled: 'message' } as const

export const MESSAGE_EVENTS = {
  'message.received': {
    payload: messageReference.extend({
      phoneNumber: phoneNumberSchema
        .nullable()
        .describe('`null` under the open policy while the sender is known only by a LID.'),
      name: senderName,
      at,
    }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'An allowed sender wrote.',
    since: '1',
  },
  'message.edited': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'The author of a message changed its text.',
    since: '1',
  },
  'message.revoked': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'The author of a message deleted it; its text is erased here, too.',
    since: '1',
  },
  'message.written': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'The owner of the account wrote to an allowed person or group by hand, on a phone.',
    since: '1',
  },
  'message.updated': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary:
      'What is known of a message changed, and neither its words nor its delivery: a reaction to it, a file of it, what a machine heard in it.',
    since: '1',
  },
  'message.blocked': {
    payload: z.object({
      account: accountIdSchema,
      phoneNumber: phoneNumberSchema
        .nullable()
        .describe('`null` while the sender is known only by an opaque LID.'),
      id: z
        .string()
        .nullable()
        .optional()
        .describe(
          "`lid:<digits>` or `bsuid:<id>`, WhatsApp's own id of the sender, while their number is hidden: as an entry of `allowFrom` it allows them. Absent from older daemons.",
        ),
      name: senderName,
      reason: z.enum([
        'not_allowed',
        'lid_unresolved',
        'policy_disabled',
        'identity_conflict',
        'person_changed',
      ]),
      at,
    }),
    scope: 'read',
    stored: true,
    summary: 'A sender who is not allowed wrote; reported once per sender, without the text.',
    since: '1',
  },
  'message.skipped': {
    payload: messageReference.extend({
      reason: z
        .enum(['too_old', 'paused', 'chat_paused', 'taken_over', 'assistant_off', 'too_many', 'loop'])
        .describe(
          '`too_old`: it came while the daemon was away, and is older than `catchUp.maxAgeMinutes`; `paused`: it was sent while the account was paused; `chat_paused`: an owner has paused the assistant in that chat by `/pause`; `taken_over`: a person has taken that chat over; `assistant_off`: the assistant is switched off in that chat; `too_many`: too many others wait for their answer; `loop`: a machine repeats what we say, or the assistant talks with itself.',
        ),
      sentAt: timestampSchema.describe("When it was sent, by WhatsApp's clock."),
      at,
    }),
    scope: 'read',
    stored: true,
    restricted,
    summary:
      'A message of an allowed sender is kept, and will not be answered. With `takeover.answerMissed`, one of a chat that was taken over may be answered when it is handed back.',
    since: '1',
  },
  'message.dropped': {
    payload: z.object({
      account: accountIdSchema,
      count: z.number().int().positive().describe('Since the last such event of this account.'),
      at,
    }),
    scope: 'read',
    stored: true,
    summary:
      'Messages of senders whose number is not known were deleted: there was no more room to hold them. Reported at most once an hour.',
    since: '1',
  },
  'message.queued': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'A reply is in the outbox.',
    since: '1',
  },
  'message.sent': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'WhatsApp acknowledged a reply.',
    since: '1',
  },
  'message.delivered': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: "A reply reached the recipient's phone.",
    since: '1',
  },
  'message.read': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'A reply was read.',
    since: '1',
  },
  'message.failed': {
    payload: messageReference.extend({
      at,
      code: z.string().describe('A stable code.'),
      message: z.string().describe('One sentence for a person.'),
      view: messageViewSchema
        .optional()
        .describe(
          'What `message` is in the other events: the message as it is now, under the same conditions.',
        ),
    }),
    scope: 'read',
    stored: true,
    // `message` says here why it failed.
    restricted: { ...restricted, field: 'view' },
    summary: 'A reply will not be sent; the code says why.',
    since: '1',
  },
  'message.discarded': {
    payload: messageReference.extend({ at }),
    scope: 'read',
    stored: true,
    restricted,
    summary: 'A message that failed or waited was discarded; it will not be sent.',
    since: '1',
  },
} as const satisfies Record<`message.${string}`, EventDefinition>
