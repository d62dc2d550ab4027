import type { IncomingMessage } from '../accounts/transport.ts'

/** A longer message is cut off here before it is stored; WhatsApp itself allows 65,536 characters. */
const MAX_TEXT_LENGTH = 70_000

/** The message with no more text than is stored. */
export function withinBounds(message: IncomingMessage): IncomingMessage {
  const { content } = message
  if ((content.kind !== 'text' && content.kind !== 'edit') || content.text.length <= MAX_TEXT_LENGTH)
    return message
  return { ...message, content: { ...content, text: content.text.slice(0, MAX_TEXT_LENGTH) } }
}
