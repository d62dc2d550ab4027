import { encodeWAMessage, normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys'

/** A message that is quoted or reacted to, as its author and id name it. */
export interface MessageReference {
  id: string
  /** JID of its author. */
  author: string
  text: string
}

export function textMessage(text: string, quote?: MessageReference): proto.IMessage {
  if (quote === undefined) return { conversation: text }
  const contextInfo = {
    stanzaId: quote.id,
    participant: quote.author,
    quotedMessage: { conversation: quote.text },
  }
  return { extendedTextMessage: { text, contextInfo } }
}

/** An empty `emoji` takes the reaction back. */
export function reactionMessage(key: proto.IMessageKey, emoji: string, atMs: number): proto.IMessage {
  return { reactionMessage: { key, text: emoji, senderTimestampMs: atMs } }
}

/** What the other devices of the sender's account get: the message, and the chat it was written in. */
export function deviceSentMessage(destinationJid: string, message: proto.IMessage): proto.IMessage {
  return { deviceSentMessage: { destinationJid, message } }
}

/** The bytes that are encrypted: the message and one to sixteen bytes of padding. */
export function encodeMessage(message: proto.IMessage): Uint8Array {
  return encodeWAMessage(message)
}

export function decodeMessage(plaintext: Uint8Array): proto.IMessage {
  return proto.Message.decode(unpadRandomMax16(plaintext))
}

/** The parts of a message that a phone shows. */
export function readContent(message: proto.IMessage): {
  text: string
  quote: { id: string; text: string } | undefined
  reaction: { id: string; emoji: string } | undefined
} {
  const content = normalizeMessageContent(message)
  const context = content?.extendedTextMessage?.contextInfo
  const quoted = context?.quotedMessage
  const reaction = content?.reactionMessage
  return {
    text: content?.conversation || content?.extendedTextMessage?.text || '',
    quote: context?.stanzaId
      ? { id: context.stanzaId, text: quoted ? readContent(quoted).text : '' }
      : undefined,
    reaction: reaction?.key?.id ? { id: reaction.key.id, emoji: reaction.text ?? '' } : undefined,
  }
}

/** The `type` of a message's stanza. */
export function stanzaType(message: proto.IMessage): string {
  return message.reactionMessage ? 'reaction' : 'text'
}
