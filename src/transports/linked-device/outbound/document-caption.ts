import type { proto } from '@whiskeysockets/baileys'

/**
 * A document with a caption travels inside of another message, into which Baileys 7.0.0-rc14 does not look for the kind of file that it
 * writes beside the encrypted content (`mediatype`), as WhatsApp's clients do. So it is handed to Baileys without the outer message, which
 * `closeDocument` puts around it again before it is encrypted.
 */
export function openDocument(message: proto.IMessage): proto.IMessage {
  const inner = message.documentWithCaptionMessage?.message
  return inner?.documentMessage ? inner : message
}

/** The message as phones get it; also inside of the copy for the account's own devices. */
export function closeDocument(message: proto.IMessage): proto.IMessage {
  const copy = message.deviceSentMessage
  if (copy?.message)
    return { ...message, deviceSentMessage: { ...copy, message: closeDocument(copy.message) } }
  const { documentMessage, ...beside } = message
  if (!documentMessage?.caption) return message
  return { ...beside, documentWithCaptionMessage: { message: { documentMessage } } }
}
