import {
  type Contact,
  getContentType,
  isJidGroup,
  jidNormalizedUser,
  proto,
  toNumber,
  type WAMessage,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import {
  type Album,
  type IncomingContent,
  type QuotedMessage,
  textOf,
  VIEW_ONCE,
  whatOf,
} from '../../../messaging/content.ts'
import { provenNumber } from '../../../messaging/identity.ts'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import { identifyAddress, identifySender, type KnownLids } from '../identity/sender-identity.ts'
import { describeMessage } from './describe-message.ts'
import type { KnownPolls } from '../polls/known-polls.ts'
import { readVote } from '../polls/read-vote.ts'
import type { AnnouncedAlbums } from './announced-albums.ts'
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

const { MEDIA_ALBUM, HD_IMAGE_DUAL_UPLOAD, HD_VIDEO_DUAL_UPLOAD, HEVC_VIDEO_DUAL_UPLOAD, MOTION_PHOTO } =
  proto.MessageAssociation.AssociationType
const SECOND_COPIES: ReadonlySet<number> = new Set([
  HD_IMAGE_DUAL_UPLOAD,
  HD_VIDEO_DUAL_UPLOAD,
  HEVC_VIDEO_DUAL_UPLOAD,
  MOTION_PHOTO,
])

export interface InboundContext {
  /** The linked account. */
  me: Contact
  known: KnownLids
  /** In which of the polls that are known people may vote. */
  polls: Pick<KnownPolls, 'find'>
  albums?: Pick<AnnouncedAlbums, 'find'>
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
      ? { kind: 'unsupported', what: VIEW_ONCE }
      : (readVote(message, unwrapped.body, context) ?? readContent(key, unwrapped, context))
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
    mentionsUs: isGroup && addressesUs(key, unwrapped, context),
    sentAt: new Date(toNumber(message.messageTimestamp) * 1000),
    arrival: context.arrival,
  }
}

function readContent(
  key: WAMessageKey,
  unwrapped: UnwrappedMessage,
  context: InboundContext,
): IncomingContent | null {
  const { body } = unwrapped
  const reaction = body.reactionMessage
  if (reaction) return { kind: 'reaction', emoji: reaction.text ?? '', targetId: reaction.key?.id ?? '' }
  if (body.protocolMessage) return readRevision(body.protocolMessage)
  if (isSecondCopy(unwrapped)) return null
  const parts = describeMessage(unwrapped)
  if (parts.length > 0) {
    const album = albumOf(key, unwrapped, context)
    return {
      kind: 'message',
      parts,
      quoted: readQuote(contextOf(body), context),
      ...(album !== null && { album }),
    }
  }
  const what = nameOfKind(body)
  return what === null ? null : { kind: 'unsupported', what }
}

/** The same picture or video again in another quality, or the film behind a picture: phones show one. */
function isSecondCopy({ association }: UnwrappedMessage): boolean {
  const type = association?.associationType
  return type !== null && type !== undefined && SECOND_COPIES.has(type)
}

/** What an album answers, and whom it mentions, its announcement may say alone. */
function addressesUs(
  key: WAMessageKey,
  { body, association }: UnwrappedMessage,
  { me, albums }: InboundContext,
): boolean {
  const album = association?.parentMessageKey?.id
  return addresses(contextOf(body), me) || (album != null && albums?.find(key, album)?.addressesUs === true)
}

function albumOf(
  key: WAMessageKey,
  { association }: UnwrappedMessage,
  { albums }: InboundContext,
): Album | null {
  const id = association?.parentMessageKey?.id
  if (association?.associationType !== MEDIA_ALBUM || !id) return null
  return { id, size: albums?.find(key, id)?.size ?? null }
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
