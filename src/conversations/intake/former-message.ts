import type { ChatKind } from '../../messaging/chat-reference.ts'
import { type IncomingContent, textParts } from '../../messaging/content.ts'
import type { IdentityClaim } from '../../messaging/identity.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'

/** A message as versions up to schema 12 of `account.db` held it. */
export interface FormerMessage extends Omit<IncomingMessage, 'chat' | 'sender' | 'content'> {
  chat: string
  chatKind: ChatKind
  senderName: string | null
  /** With a claim that nothing contradicts, `phoneNumber` was the claimed number. */
  sender: {
    phoneNumber: string | null
    address: string
    conflict: boolean
    claim?: IdentityClaim | undefined
  }
  content:
    | { kind: 'text'; text: string; quoted: { id: string; text: string | null } | null }
    | { kind: 'edit'; text: string; targetId: string }
    | Exclude<IncomingContent, { kind: 'message' | 'edit' }>
}

/** The same message in the present form. Throws where it is none. */
export function fromFormer<Sent>(
  former: Omit<FormerMessage, 'sentAt'> & { sentAt: Sent },
): Omit<IncomingMessage, 'sentAt'> & { sentAt: Sent } {
  const { chat, chatKind, senderName, sender, content, id, mentionsUs, sentAt, arrival } = former
  const { phoneNumber, address, conflict, claim } = sender
  const isProven = phoneNumber !== null && (claim === undefined || conflict)
  return {
    chat: { kind: chatKind, address: chat },
    id,
    sender: {
      address,
      ...(isProven ? { phoneNumber: { value: phoneNumber, proof: 'directory' } } : {}),
      displayName: senderName,
      conflict,
      ...(claim === undefined ? {} : { claim }),
    },
    content: toContent(content),
    mentionsUs,
    sentAt,
    arrival,
  }
}

function toContent(content: FormerMessage['content']): IncomingContent {
  if (content.kind === 'text')
    return { kind: 'message', parts: textParts(content.text), quoted: content.quoted }
  if (content.kind === 'edit')
    return { kind: 'edit', parts: textParts(content.text), targetId: content.targetId }
  return content
}
