import { z } from 'zod'
import { accountIdSchema } from '../../../protocol/account/account.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'

/** Parameters that many tools have. */
export const account = accountIdSchema
  .optional()
  .describe('The WhatsApp account; without it the default account. get_status names them.')

export const conversation = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .describe(
    'The conversation: its conversationId, the phone number of the person (such as +15555550123), lid:<digits> or bsuid:<id>, or the address of a group.',
  )

export const cursor = z.string().max(200).optional().describe('As a former result gave it.')

export const limit = z.number().int().min(1).max(50).default(20).describe('How many at most.')

export const messageId = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .describe('Id of a message, as read_conversation gives it.')

export const clientMessageId = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.identifier)
  .optional()
  .describe(
    'Your own id of this request: when you repeat it with the same id, nothing is sent twice. Give one wherever a call may be repeated.',
  )

export const queue = z
  .boolean()
  .optional()
  .describe('True: where WhatsApp is not connected, store it and send it later. Otherwise that is an error.')
