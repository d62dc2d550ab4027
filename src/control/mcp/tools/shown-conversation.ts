import { z } from 'zod'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { MESSAGE_ORIGINS } from '../../../protocol/conversations/message-view.ts'
import { plainId, untrusted, untrustedSchema } from '../untrusted.ts'

export const shownConversationSchema = z.object({
  account: z.string(),
  conversationId: z.string(),
  conversation: z
    .string()
    .nullable()
    .describe('Its number, lid:<digits> or bsuid:<id>, or the address of a group.'),
  kind: z.enum(['direct', 'self', 'group']).describe('self: the chat of the owner with themself.'),
  name: untrustedSchema.nullable(),
  phoneNumber: z.string().nullable(),
  unread: z.number().int(),
  lastMessage: z.object({ from: z.enum(MESSAGE_ORIGINS), text: untrustedSchema, at: z.string() }).nullable(),
  assistant: z
    .enum(['on', 'off', 'paused', 'waiting'])
    .describe(
      'off and paused: a person leads this conversation, and nothing is sent for an assistant. waiting: a person is waited for.',
    ),
  isAllowed: z.boolean().describe('Whether the person may write, and be written to.'),
  fields: z.array(z.object({ name: z.string(), value: untrustedSchema, setBy: z.string() })),
})

type ShownConversation = z.infer<typeof shownConversationSchema>

/** A conversation as tools show it, with every text of other people in its envelope. */
export function shownConversation(view: ConversationView): ShownConversation {
  const { account, conversationId, kind, name, phoneNumber, unread, lastMessage, assistant, isAllowed } = view
  return {
    account,
    conversationId,
    conversation: plainId(view.conversation),
    kind,
    name: name === null ? null : untrusted(name),
    phoneNumber,
    unread,
    lastMessage: lastMessage && {
      from: lastMessage.from,
      text: untrusted(lastMessage.text),
      at: lastMessage.at,
    },
    assistant: assistant.state,
    isAllowed,
    fields: view.fields.map((field) => ({
      name: field.name,
      value: untrusted(field.value),
      setBy: field.setBy,
    })),
  }
}
