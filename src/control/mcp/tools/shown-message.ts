import { z } from 'zod'
import {
  MESSAGE_KINDS,
  MESSAGE_ORIGINS,
  MESSAGE_STATES,
  type MessageView,
} from '../../../protocol/conversations/message-view.ts'
import { plainId, untrusted, untrustedSchema } from '../untrusted.ts'

const fileSchema = z.object({
  mediaId: z.string().optional().describe('For read_file; absent where the file cannot be had.'),
  kind: z.string(),
  state: z.string(),
  size: z.number().int().nullable(),
  name: untrustedSchema.nullable(),
  mimeType: untrustedSchema.nullable(),
})

/** Fields without a value are left out: most messages are a text alone. */
export const shownMessageSchema = z.object({
  messageId: z.string().nullable().describe('For react, and for quote of send_message.'),
  from: z.enum(MESSAGE_ORIGINS).describe('owner: the person whose account this is, by hand.'),
  sender: z
    .object({ name: untrustedSchema.nullable(), phoneNumber: z.string().nullable() })
    .optional()
    .describe('Who of the people wrote it.'),
  at: z.string(),
  kind: z.enum(MESSAGE_KINDS).describe('notice: a sentence of the daemon itself.'),
  text: untrustedSchema,
  isCut: z.literal(true).optional().describe('The text is longer.'),
  editedAt: z.string().optional(),
  isRevoked: z.literal(true).optional().describe('Its author deleted it.'),
  quote: z
    .object({ messageId: z.string().nullable(), from: z.enum(MESSAGE_ORIGINS), text: untrustedSchema })
    .optional()
    .describe('The message that it answers.'),
  reactions: z.array(z.object({ emoji: untrustedSchema, from: z.enum(MESSAGE_ORIGINS) })).optional(),
  files: z.array(fileSchema).optional(),
  transcript: untrustedSchema.optional().describe('What a machine heard in its sound.'),
  details: untrustedSchema.optional().describe('Places, contacts, polls and the like, as JSON.'),
  state: z.enum(MESSAGE_STATES),
  answered: z.enum(['answered', 'pending', 'kept']).optional(),
  failure: z.string().optional().describe('Why it could not be sent.'),
})

type ShownMessage = z.infer<typeof shownMessageSchema>

/** A message as tools show it: every text of other people, names of files and quotes included, in its envelope. */
export function shownMessage(view: MessageView): ShownMessage {
  const { from, sender, at, kind, text, editedAt, quote, reactions, files, transcript, details } = view
  return {
    messageId: plainId(view.messageId),
    from,
    ...(sender && { sender: { name: ofNullable(sender.name), phoneNumber: sender.phoneNumber } }),
    at,
    kind,
    text: untrusted(text),
    ...(view.isCut && { isCut: true as const }),
    ...(editedAt !== null && { editedAt }),
    ...(view.isRevoked && { isRevoked: true as const }),
    ...(quote && {
      quote: { messageId: plainId(quote.messageId), from: quote.from, text: untrusted(quote.text) },
    }),
    ...(reactions.length > 0 && {
      reactions: reactions.map((each) => ({ emoji: untrusted(each.emoji), from: each.from })),
    }),
    ...(files.length > 0 && { files: files.map(shownFile) }),
    ...(transcript !== null && { transcript: untrusted(transcript) }),
    ...(details.length > 0 && { details: untrusted(JSON.stringify(details)) }),
    state: view.state,
    ...(view.answered !== null && { answered: view.answered }),
    ...(view.failure && { failure: view.failure.message }),
  }
}

function shownFile({
  mediaId,
  kind,
  state,
  size,
  name,
  mimeType,
}: MessageView['files'][number]): z.infer<typeof fileSchema> {
  const id = state === 'ready' ? plainId(mediaId) : null
  return {
    ...(id !== null && { mediaId: id }),
    kind,
    state,
    size,
    name: ofNullable(name),
    mimeType: ofNullable(mimeType),
  }
}

function ofNullable(text: string | null): ReturnType<typeof untrusted> | null {
  return text === null ? null : untrusted(text)
}
