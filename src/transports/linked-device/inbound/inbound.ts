import {
  type Contact,
  getContentType,
  isJidGroup,
  jidNormalizedUser,
  normalizeMessageContent,
  proto,
  toNumber,
  type WAMessage,
} from '@whiskeysockets/baileys'
import { type IncomingContent, type QuotedMessage, textParts } from '../../../messaging/content.ts'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import { identifySender, type KnownLids } from '../identity/sender-identity.ts'
import { identifyRecipient, isOurs } from './owner-stanza.ts'

/** Housekeeping between devices: nothing that a person wrote. */
const SILENT_TYPES: ReadonlySet<string> = new Set([
  'senderKeyDistributionMessage',
  'messageContextInfo',
  'fastRatchetKeySenderKeyDistributionMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'pollUpdateMessage',
  'encReactionMessage',
  'secretEncryptedMessage',
])

export interface InboundContext {
  /** The linked account. */
  me: Contact
  known: KnownLids
  arrival: 'live' | 'offline'
}

/**
 * A message of Baileys in our words; `null` for what no person wrote: stubs, housekeeping, broadcasts. What the account's
 * owner writes on another device comes from the account's own number: to themself in a chat of kind `self`, to others as
 * `writtenByOwner`.
 */
export function toIncomingMessage(message: WAMessage, context: InboundContext): IncomingMessage | null {
  const { key } = message
  const { remoteJid, id } = key
  const { me } = context
  if (!remoteJid || !id || message.messageStubType) return null
  const isGroup = isJidGroup(remoteJid) === true
  const isSelf = !isGroup && isOurs(remoteJid, me)
  const isOwn = isSelf || key.fromMe === true
  const body = normalizeMessageContent(message.message ?? undefined)
  const content = body === undefined ? null : readContent(body)
  if (content === null || (isGroup && !key.participant)) return null
  const sender = identifySender(
    // The server marks our own messages in more than one way; the account's own number is a fact.
    isOwn
      ? { remoteJid: me.id }
      : isGroup
        ? { ...key, participant: jidNormalizedUser(key.participant ?? '') }
        : key,
    context.known,
  )
  const to =
    isOwn && !isSelf && !isGroup ? identifyRecipient(remoteJid, key.remoteJidAlt ?? null, context) : null
  if (sender === null || (isOwn && !isSelf && !isGroup && to === null)) return null
  return {
    chat: { kind: isGroup ? 'group' : isSelf ? 'self' : 'direct', address: remoteJid },
    id,
    sender: { ...sender, displayName: message.pushName ?? null },
    ...(isOwn && !isSelf ? { writtenByOwner: { to } } : {}),
    content,
    mentionsUs: isGroup && body !== undefined && mentions(body, me),
    sentAt: new Date(toNumber(message.messageTimestamp) * 1000),
    arrival: context.arrival,
  }
}

/** Whether the account is named, by number or LID, or one of its messages is answered. */
function mentions(message: proto.IMessage, me: Contact): boolean {
  const context = message.extendedTextMessage?.contextInfo
  if (!context) return false
  const answersUs =
    Boolean(context.stanzaId) && Boolean(context.participant) && isOurs(context.participant ?? '', me)
  return answersUs || (context.mentionedJid ?? []).some((jid) => isOurs(jid, me))
}

function readContent(message: proto.IMessage): IncomingContent | null {
  const reaction = message.reactionMessage
  if (reaction) return { kind: 'reaction', emoji: reaction.text ?? '', targetId: reaction.key?.id ?? '' }
  if (message.protocolMessage) return readRevision(message.protocolMessage)
  const text = textOf(message)
  if (text) {
    const quoted = readQuote(message.extendedTextMessage?.contextInfo)
    return { kind: 'message', parts: textParts(text), quoted }
  }
  const type = getContentType(message)
  if (type === undefined || SILENT_TYPES.has(type)) return null
  return { kind: 'unsupported', what: type.replace(/(Message|V\d)+$/g, '') }
}

function readRevision(message: proto.Message.IProtocolMessage): IncomingContent | null {
  const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type
  const targetId = message.key?.id
  if (!targetId) return null
  if (message.type === REVOKE) return { kind: 'revoke', targetId }
  if (message.type !== MESSAGE_EDIT) return null
  const edited = normalizeMessageContent(message.editedMessage ?? undefined)
  const text = edited === undefined ? undefined : textOf(edited)
  return text ? { kind: 'edit', parts: textParts(text), targetId } : null
}

function textOf(message: proto.IMessage): string | null | undefined {
  return message.conversation || message.extendedTextMessage?.text
}

function readQuote(context: proto.IContextInfo | null | undefined): QuotedMessage | null {
  if (!context?.stanzaId) return null
  const quoted = normalizeMessageContent(context.quotedMessage ?? undefined)
  return { id: context.stanzaId, text: quoted === undefined ? null : (textOf(quoted) ?? null) }
}
