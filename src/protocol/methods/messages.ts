import { z } from 'zod'
import { choicesSchema, contactsSchema, locationSchema, templateSchema } from '../sent-parts.ts'
import { MEDIA_KINDS } from '../media-kinds.ts'
import { MAX_SENT_CAPTION, MAX_SENT_TEXT, sentMessageSchema } from '../sent-message.ts'
import { TEXT_LIMITS } from '../text/text-limits.ts'
import type { MethodDefinition } from './method.ts'
import { account } from './parameters.ts'

const messageId = z.string().min(1).max(TEXT_LIMITS.identifier).describe("WhatsApp's id of the message.")
const conversation = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .describe('Its `conversationId`, or what events call `conversation`.')
const clientMessageId = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .optional()
  .describe(
    'Your own id of this request. The same request with the same id sends nothing more and answers how the message is; it is remembered for as long as the message is stored, 24 hours at least. Without it a repeated request sends the message again.',
  )
const queue = z
  .boolean()
  .optional()
  .describe(
    'Whether to store it while WhatsApp is not connected and send it later; otherwise that is refused (`not_connected`).',
  )
const as = z
  .enum(['owner', 'assistant'])
  .optional()
  .describe(
    'In whose name: `owner` by default. `assistant`: as if the assistant had written it: the conversation is not taken over, and nothing is sent where the assistant is silent (`recipient_not_allowed`). A program that answers turns (scope `agent`) is always the assistant.',
  )
const text = z
  .string()
  .min(1)
  .max(MAX_SENT_TEXT)
  .describe(
    'Sent as it is, in WhatsApp’s own marks (`*bold*`), as one message. A longer text is refused, not cut.',
  )

const media = z
  .strictObject({
    mediaId: z
      .string()
      .min(1)
      .max(64)
      .describe('From `POST /v1/accounts/:id/media`, or of a stored message.'),
    kind: z
      .enum(MEDIA_KINDS)
      .describe('What it is shown as; as a document where its content is something else.'),
    caption: z
      .string()
      .max(MAX_SENT_CAPTION)
      .optional()
      .describe('Below the file, as it is; not for `voice`, `audio` and `sticker`.'),
    name: z.string().max(TEXT_LIMITS.name).optional().describe('What a document is called.'),
  })
  .describe('A file, in the place of `text`.')

export const MESSAGES_METHODS = {
  'messages.send': {
    params: z.strictObject({
      account,
      conversation: conversation
        .optional()
        .describe('Where to: a `conversationId`, or what events call `conversation`. Give this or `to`.'),
      to: z
        .string()
        .min(1)
        .max(TEXT_LIMITS.identifier)
        .optional()
        .describe(
          'To whom: a phone number, `lid:<digits>` or `bsuid:<id>`, or the address of a group; somebody who never wrote, too. Give this or `conversation`.',
        ),
      text: text.optional(),
      media: media.optional(),
      location: locationSchema.optional(),
      contacts: contactsSchema.optional(),
      template: templateSchema.optional(),
      choices: choicesSchema.optional(),
      requestNumber: z
        .literal(true)
        .optional()
        .describe(
          'Below `text`: a button with which the person gives their phone number, once a day in each conversation. Only of accounts with the capability `asksForNumber`.',
        ),
      quote: messageId.optional().describe('The message of the same conversation that it visibly answers.'),
      clientMessageId,
      queue,
      as,
      force: z
        .boolean()
        .optional()
        .describe(
          'Sends to people whom the config does not allow. Only with scope `send:any`, and `sendToAnyone: true` in the config file.',
        ),
    }),
    result: sentMessageSchema.extend({
      isNew: z.boolean().describe('False where the same request was made before.'),
      warning: z
        .object({
          code: z.enum(['first_contact']).describe('A stable code.'),
          message: z.string().describe('One sentence for a person.'),
        })
        .optional()
        .describe('What to know of it; absent where there is nothing.'),
    }),
    scope: 'send',
    since: '1',
    summary:
      'Sends a message to somebody whom the config allows: exactly one of `text`, `media`, `location`, `contacts` and `template`. It is on disk when this answers, and goes out in its turn, at the pace of `pace`; `message.*` events and `messages.get` tell what becomes of it. In a conversation with an assistant the owner has taken over with it.',
  },
  'messages.get': {
    params: z.strictObject({ account, messageId }),
    result: sentMessageSchema,
    scope: 'send',
    since: '1',
    summary: 'What became of a message of ours.',
  },
  'messages.react': {
    params: z.strictObject({
      account,
      conversation,
      messageId: messageId.describe("WhatsApp's id of the message that it is to."),
      emoji: z
        .string()
        .max(TEXT_LIMITS.emoji)
        .describe('One emoji, or its name (`thumbs_up`); empty takes the reaction back.'),
      clientMessageId,
      queue,
      as,
    }),
    result: sentMessageSchema,
    scope: 'send',
    since: '1',
    summary: 'Reacts to a message. Answers how the reaction is, which is sent like a message.',
  },
  'messages.edit': {
    params: z.strictObject({ account, messageId, text, queue }),
    result: sentMessageSchema,
    scope: 'send',
    since: '1',
    summary:
      'Changes the text of a message of ours, within 15 minutes. Answers how the change is, which is sent like a message; one that is not out yet is changed at once.',
  },
  'messages.revoke': {
    params: z.strictObject({ account, messageId, queue }),
    result: sentMessageSchema,
    scope: 'send',
    since: '1',
    summary:
      'Deletes a message of ours for everyone, within 2 days. Answers how the deletion is, which is sent like a message; one that is not out yet is discarded at once.',
  },
} as const satisfies Record<`messages.${string}`, MethodDefinition>
