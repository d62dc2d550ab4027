import { encodeWAMessage, normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys'
import { type Stanza, stanza } from '../wire/stanza.ts'

const MEDIA: ReadonlySet<string> = new Set(
  [
    'image',
    'video',
    'ptv',
    'audio',
    'document',
    'sticker',
    'location',
    'liveLocation',
    'contact',
    'contactsArray',
  ].map((kind) => `${kind}Message`),
)
const { EPHEMERAL_SETTING, MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type

/** A message that is quoted or reacted to, as its author and id name it. */
export interface MessageReference {
  id: string
  /** JID of its author. */
  author: string
  text: string
}

/** What a phone shows of a message. */
export interface ShownContent {
  text: string
  quote: { id: string; text: string } | undefined
  reaction: { id: string; emoji: string } | undefined
  /** The new text of an earlier message. */
  edit: { id: string; text: string } | undefined
  /** An earlier message that is to be deleted for everyone; `isOwn`: the sender claims to be its author. */
  revoke: { id: string; isOwn: boolean } | undefined
  /** JIDs. */
  mentioned: string[]
  /** After so many seconds the phone deletes it; 0: it stays. */
  disappearsAfter: number
  /** From now on the messages of the chat disappear after so many seconds; 0: they stay. */
  timer: number | undefined
}

export function textMessage(
  text: string,
  o: { quote?: MessageReference | undefined; mentioned?: readonly string[] } = {},
): proto.IMessage {
  const { quote, mentioned = [] } = o
  if (quote === undefined && mentioned.length === 0) return { conversation: text }
  const contextInfo = {
    ...(quote === undefined
      ? {}
      : {
          stanzaId: quote.id,
          participant: quote.author,
          quotedMessage: { conversation: quote.text },
        }),
    ...(mentioned.length === 0 ? {} : { mentionedJid: [...mentioned] }),
  }
  return { extendedTextMessage: { text, contextInfo } }
}

/** An empty `emoji` takes the reaction back. */
export function reactionMessage(key: proto.IMessageKey, emoji: string, atMs: number): proto.IMessage {
  return { reactionMessage: { key, text: emoji, senderTimestampMs: atMs } }
}

/** The new text of the message that `key` names, wrapped as phones do. */
export function editMessage(key: proto.IMessageKey, text: string, atMs: number): proto.IMessage {
  const protocolMessage = {
    key,
    type: MESSAGE_EDIT,
    editedMessage: { conversation: text },
    timestampMs: atMs,
  }
  return { editedMessage: { message: { protocolMessage } } }
}

/** "Disappearing messages" of a chat; 0 seconds: off. */
export function timerMessage(seconds: number): proto.IMessage {
  return { protocolMessage: { type: EPHEMERAL_SETTING, ephemeralExpiration: seconds } }
}

/** A message of a chat with a timer: each carries it, whatever it is; reactions, changes and settings do not. */
export function withTimer(message: proto.IMessage, seconds: number): proto.IMessage {
  if (seconds === 0) return message
  const { conversation } = message
  const spoken = conversation ? { extendedTextMessage: { text: conversation } } : message
  const [[kind, content] = ['', null]] = Object.entries(spoken)
  const isAbout = kind === 'reactionMessage' || kind === 'protocolMessage' || kind === 'editedMessage'
  if (isAbout || typeof content !== 'object' || content === null) return message
  // Every kind of content has a context but for those above.
  const { contextInfo } = content as { contextInfo?: proto.IContextInfo }
  return { [kind]: { ...content, contextInfo: { ...contextInfo, expiration: seconds } } }
}

/** "Delete for everyone". A key that is not the sender's own is an administrator's. */
export function revokeMessage(key: proto.IMessageKey): proto.IMessage {
  return { protocolMessage: { key, type: REVOKE } }
}

/** The message as the other devices of the sender's account get it: with the chat it was written in. */
export function deviceSentMessage(destinationJid: string, message: proto.IMessage): proto.IMessage {
  return { deviceSentMessage: { destinationJid, message } }
}

/** A message with the key that lets its reader read the sender's messages to the group from now on. */
export function withSenderKey(
  message: proto.IMessage,
  o: { groupJid: string; distribution: Uint8Array },
): proto.IMessage {
  const senderKeyDistributionMessage = {
    groupId: o.groupJid,
    axolotlSenderKeyDistributionMessage: o.distribution,
  }
  return { ...message, senderKeyDistributionMessage }
}

/** The bytes that are encrypted: the message and one to sixteen bytes of padding. */
export function encodeMessage(message: proto.IMessage): Uint8Array {
  return encodeWAMessage(message)
}

export function decodeMessage(plaintext: Uint8Array): proto.IMessage {
  return proto.Message.decode(unpadRandomMax16(plaintext))
}

/** The parts of a message that a phone shows. */
export function readContent(message: proto.IMessage): ShownContent {
  const content = normalizeMessageContent(message)
  const context = content?.extendedTextMessage?.contextInfo
  const quoted = context?.quotedMessage
  const reaction = content?.reactionMessage
  const protocol = content?.protocolMessage
  const target = protocol?.key?.id
  const edited = protocol?.type === MESSAGE_EDIT ? protocol.editedMessage : undefined
  return {
    text: content?.conversation || content?.extendedTextMessage?.text || '',
    quote: context?.stanzaId
      ? { id: context.stanzaId, text: quoted ? readContent(quoted).text : '' }
      : undefined,
    reaction: reaction?.key?.id ? { id: reaction.key.id, emoji: reaction.text ?? '' } : undefined,
    edit: target && edited ? { id: target, text: readContent(edited).text } : undefined,
    revoke:
      target && protocol?.type === REVOKE ? { id: target, isOwn: protocol.key?.fromMe === true } : undefined,
    mentioned: context?.mentionedJid ?? [],
    disappearsAfter: contextOf(content)?.expiration ?? 0,
    timer: protocol?.type === EPHEMERAL_SETTING ? (protocol.ephemeralExpiration ?? 0) : undefined,
  }
}

/**
 * What a linked device gets of a message that is shown once, instead of its content; `null` for every other message.
 * It has one of two names, both of which stand for the same: here a voice message has the longer one.
 * Source: whatsmeow (`UnavailableTypeViewOnce`), Baileys rc14 (`decode-wa-message.js`, `messages-recv.js`).
 */
export function withheldPart(message: proto.IMessage, device: { readonly deviceId: number }): Stanza | null {
  const inner = message.ephemeralMessage?.message ?? message
  const kind = Object.keys(inner).find((each) => each.startsWith('viewOnceMessage'))
  if (kind === undefined || device.deviceId === 0) return null
  const type = kind === 'viewOnceMessageV2Extension' ? 'view_once_unavailable_fanout' : 'view_once'
  return stanza('unavailable', { type })
}

/** The attributes of a message's stanza that tell the server what kind of message it is. */
export function stanzaKind(message: proto.IMessage): { type: string; edit: string | undefined } {
  const { reaction, edit, revoke } = readContent(message)
  if (reaction !== undefined) return { type: 'reaction', edit: undefined }
  if (edit !== undefined) return { type: 'text', edit: '1' }
  if (revoke !== undefined) return { type: 'text', edit: revoke.isOwn ? '7' : '8' }
  return { type: mediaOf(message) === null ? 'text' : 'media', edit: undefined }
}

/** Where a message says what it mentions, answers, and how long it stays: any kind of content may. */
function contextOf(content: proto.IMessage | undefined): proto.IContextInfo | undefined {
  return Object.values(content ?? {})
    .map((each: unknown) => (each as { contextInfo?: proto.IContextInfo } | null)?.contextInfo)
    .find((context) => context)
}

/** What of a message is fetched from elsewhere, or shown as a card: WhatsApp calls it media. */
function mediaOf(message: proto.IMessage): string | null {
  const content = normalizeMessageContent(message) ?? {}
  return Object.keys(content).find((kind) => MEDIA.has(kind)) ?? null
}
