import {
  type Contact,
  getContentType,
  isJidGroup,
  jidNormalizedUser,
  proto,
  toNumber,
  type WAMessage,
} from '@whiskeysockets/baileys'
import { type IncomingContent, type QuotedMessage, textOf, whatOf } from '../../../messaging/content.ts'
import { provenNumber } from '../../../messaging/identity.ts'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import { identifyAddress, identifySender, type KnownLids } from '../identity/sender-identity.ts'
import { describeMessage } from './describe-message.ts'
import { addresses, contextOf } from './message-context.ts'
import { identifyRecipient, isOurs } from './owner-stanza.ts'
import { type UnwrappedMessage, unwrapMessage } from './unwrap-message.ts'

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
  // Answers to an event and comments: encrypted with a key of the message that they belong to.
  'encEventResponseMessage',
  'encCommentMessage',
  'scheduledCallEditMessage',
  'stickerSyncRmrMessage',
  // Its photos follow, each in a message of its own.
  'albumMessage',
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
  const unwrapped = unwrapMessage(message.message ?? {})
  // WhatsApp tells linked devices of a message that is shown once, and keeps its content from them.
  const content: IncomingContent | null =
    key.isViewOnce === true && !message.message
      ? { kind: 'unsupported', what: 'viewOnce' }
      : readContent(unwrapped, context)
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
    mentionsUs: isGroup && addresses(contextOf(unwrapped.body), me),
    sentAt: new Date(toNumber(message.messageTimestamp) * 1000),
    arrival: context.arrival,
  }
}

function readContent(unwrapped: UnwrappedMessage, context: InboundContext): IncomingContent | null {
  const { body } = unwrapped
  const reaction = body.reactionMessage
  if (reaction) return { kind: 'reaction', emoji: reaction.text ?? '', targetId: reaction.key?.id ?? '' }
  if (body.protocolMessage) return readRevision(body.protocolMessage)
  const parts = describeMessage(unwrapped)
  if (parts.length > 0) return { kind: 'message', parts, quoted: readQuote(contextOf(body), context) }
  const what = nameOfKind(body)
  return what === null ? null : { kind: 'unsupported', what }
}

/** WhatsApp's word for a kind of message that cannot be read; `null` for none and for housekeeping. */
function nameOfKind(body: proto.IMessage): string | null {
  const type = getContentType(body)
  return type === undefined || SILENT_TYPES.has(type) ? null : type.replace(/(Message|V\d)+$/g, '')
}

function readRevision(message: proto.Message.IProtocolMessage): IncomingContent | null {
  const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type
  const targetId = message.key?.id
  if (!targetId) return null
  if (message.type === REVOKE) return { kind: 'revoke', targetId }
  if (message.type !== MESSAGE_EDIT) return null
  const parts = describeMessage(unwrapMessage(message.editedMessage ?? {}))
  return parts.length > 0 ? { kind: 'edit', parts, targetId } : null
}

function readQuote(quote: proto.IContextInfo | null, { me, known }: InboundContext): QuotedMessage | null {
  if (!quote?.stanzaId) return null
  const unwrapped = unwrapMessage(quote.quotedMessage ?? {})
  const parts = describeMessage(unwrapped)
  const address = jidNormalizedUser(quote.participant ?? '')
  const author = address === '' ? null : identifyAddress(isOurs(address, me) ? me.id : address, null, known)
  return {
    id: quote.stanzaId,
    text: textOf(parts) || null,
    what: parts.length > 0 ? whatOf(parts) : nameOfKind(unwrapped.body),
    author: author === null ? null : (provenNumber(author) ?? author.address),
  }
}
