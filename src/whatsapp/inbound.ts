import {
  areJidsSameUser,
  type Contact,
  getContentType,
  normalizeMessageContent,
  type proto,
  toNumber,
  type WAMessage,
} from '@whiskeysockets/baileys'
import type { IncomingContent, IncomingMessage } from '../accounts/transport.ts'
import { identifySender, type LidLookup } from './sender-identity.ts'

/** Housekeeping between devices: nothing that a person wrote. */
const SILENT_TYPES: ReadonlySet<string> = new Set([
  'protocolMessage',
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
  lookUp: LidLookup
  arrival: 'live' | 'offline'
}

/**
 * A message of Baileys in our words; `null` for what no person wrote to us: stubs, housekeeping, groups and broadcasts,
 * and what the owner writes to others. What the owner writes to themself comes as `chatKind: 'self'`.
 */
export function toIncomingMessage(message: WAMessage, context: InboundContext): IncomingMessage | null {
  const { key } = message
  const { remoteJid, id } = key
  if (!remoteJid || !id || message.messageStubType) return null
  const isSelf = areJidsSameUser(remoteJid, context.me.id) || areJidsSameUser(remoteJid, context.me.lid)
  if (key.fromMe === true && !isSelf) return null
  const sender = identifySender(
    // The server marks our own messages in more than one way; the account's own number is a fact.
    isSelf ? { remoteJid: context.me.id } : key,
    context.lookUp,
  )
  const content = readContent(message.message)
  if (sender === null || content === null) return null
  return {
    chat: remoteJid,
    chatKind: isSelf ? 'self' : 'direct',
    id,
    sender,
    senderName: message.pushName ?? null,
    content,
    sentAt: new Date(toNumber(message.messageTimestamp) * 1000),
    arrival: context.arrival,
  }
}

function readContent(raw: proto.IMessage | null | undefined): IncomingContent | null {
  const message = normalizeMessageContent(raw ?? undefined)
  if (message === undefined) return null
  const reaction = message.reactionMessage
  if (reaction) return { kind: 'reaction', emoji: reaction.text ?? '', targetId: reaction.key?.id ?? '' }
  const text = message.conversation || message.extendedTextMessage?.text
  if (text) return { kind: 'text', text, quoted: readQuote(message.extendedTextMessage?.contextInfo) }
  const type = getContentType(message)
  if (type === undefined || SILENT_TYPES.has(type)) return null
  return { kind: 'unsupported', what: type.replace(/(Message|V\d)+$/g, '') }
}

function readQuote(
  context: proto.IContextInfo | null | undefined,
): { id: string; text: string | null } | null {
  if (!context?.stanzaId) return null
  const quoted = normalizeMessageContent(context.quotedMessage ?? undefined)
  return { id: context.stanzaId, text: quoted?.conversation ?? quoted?.extendedTextMessage?.text ?? null }
}
