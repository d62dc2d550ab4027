import { z } from 'zod'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { accountOf } from '../account-of.ts'
import { defineTool } from '../tool.ts'
import { account, clientMessageId, conversation, messageId, queue } from './parameters.ts'
import { sentResult, sentSchema } from './sent-message.ts'

/** A message of a chat, not a document; in every script it fits into a frame of the daemon. */
const MAX_TEXT = 10_000

const where = {
  account,
  conversation: conversation
    .optional()
    .describe('Where to, if something was said there before. Give this or `to`.'),
  to: z
    .string()
    .min(1)
    .max(TEXT_LIMITS.identifier)
    .optional()
    .describe(
      'To whom: a phone number with its country code, such as +15555550123. Give this or `conversation`.',
    ),
}
const text = z
  .string()
  .min(1)
  .max(MAX_TEXT)
  .describe("What it says, in WhatsApp's own marks: *bold*, _italic_, ~struck~, ```code```.")
const how = {
  quote: messageId.optional().describe('The message of this conversation that it visibly answers.'),
  clientMessageId,
  queue,
}
const RULES =
  'It cannot be taken back by you. Only people whom the owner allows can be written to (otherwise: request_access), and nobody where a person has taken the conversation over. Messages go out at a human pace.'
const shared = {
  name: 'send_message',
  title: 'Send a WhatsApp message',
  scope: 'send',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  output: sentSchema,
} as const

export const sendMessage = defineTool({
  ...shared,
  description: `Sends a text to a real person over WhatsApp, as the assistant. ${RULES}`,
  input: z.strictObject({ ...where, text, ...how }),
  run: async (given, call) => sentResult(await call('messages.send', { ...given, as: 'assistant' })),
})

/** The same where the client may send files of this machine, too. */
export const sendMessageOrFile = defineTool({
  ...shared,
  description: `Sends a text, a file, or a file with a text below it to a real person over WhatsApp, as the assistant. ${RULES}`,
  input: z.strictObject({
    ...where,
    text: text.optional(),
    file: z
      .string()
      .min(1)
      .max(4_096)
      .optional()
      .describe('Path of a file, relative to the folder from which files may be sent.'),
    ...how,
  }),
  run: async ({ file, text: words, ...given }, call, { upload }) => {
    const request = { ...given, as: 'assistant' as const }
    if (file === undefined || upload === null)
      return sentResult(
        await call('messages.send', { ...request, ...(words !== undefined && { text: words }) }),
      )
    const { mediaId, kind } = await upload(await accountOf(call, given.account), file)
    const media = { mediaId, kind, ...(words !== undefined && { caption: words }) }
    return sentResult(await call('messages.send', { ...request, media }))
  },
})
