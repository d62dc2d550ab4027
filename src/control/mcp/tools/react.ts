import { z } from 'zod'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { defineTool } from '../tool.ts'
import { account, clientMessageId, conversation, messageId, queue } from './parameters.ts'
import { sentResult, sentSchema } from './sent-message.ts'

export const react = defineTool({
  name: 'react',
  title: 'React to a WhatsApp message',
  description:
    'Reacts to a message with one emoji, which the person sees. A second reaction to the same message takes the place of the first; an empty emoji takes it back.',
  scope: 'send',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    account,
    conversation,
    messageId,
    emoji: z.string().max(TEXT_LIMITS.emoji).describe('One emoji, or its name, such as thumbs_up.'),
    clientMessageId,
    queue,
  }),
  output: sentSchema,
  run: async (given, call) => sentResult(await call('messages.react', { ...given, as: 'assistant' })),
})
