import { encodeWAMessage, normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys'
import type { Card } from './cards/card.ts'
import { readCard } from './cards/read-card.ts'
import { captionOf, claimedFile, type ClaimedFile } from './media/media-content.ts'
import { type Stanza, stanza } from '../wire/stanza.ts'

const { EPHEMERAL_SETTING, MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type

/** A message that is quoted or reacted to, as its author and id name it. */
export interface MessageReference {
  id: string
  /** JID of its author. */
  author: string
  /** What it says. */
  message: proto.IMessage
}

/** What a phone shows of a message. */
export interface ShownContent {
  /** Its words, or the caption of its file. */
  text: string
  /** What it says of a file. */
  file: ClaimedFile | undefined
  /** A place, contacts, a poll, … */
  card: Card | undefined
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

export function textMessage(text: string, contextInfo?: proto.IContextInfo): proto.IMessage {
  return contextInfo === undefined ? { conversation: text } : { extendedTextMessage: { text, contextInfo } }
}

/** What a message quotes and whom it mentions; `undefined` for neither. */
export function contextInfo(o: {
  quote: MessageReference | undefined
  /** JIDs. */
  mentioned: readonly string[]
}): proto.IContextInfo | undefined {
  const { quote, mentioned } = o
  if (quote === undefined && mentioned.length === 0) return undefined
  return {
    ...(quote === undefined
      ? {}
      : { stanzaId: quote.id, participant: quote.author, quotedMessage: quotable(quote.message) }),
    ...(mentioned.length === 0 ? {} : { mentionedJid: [...mentioned] }),
  }
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
  const { conversation, messageContextInfo, ...others } = message
  const spoken = conversation ? { extendedTextMessage: { text: conversation } } : others
  const [[kind, content] = ['', null]] = Object.entries(spoken)
  const isAbout = ['reactionMessage', 'protocolMessage', 'editedMessage', 'pollUpdateMessage'].includes(kind)
  if (isAbout || typeof content !== 'object' || content === null) return message
  const beside = messageContextInfo ? { messageContextInfo } : {}
  // A wrapper has a message inside; every other kind of content has a context but for those above.
  const { contextInfo: context, message: inner } = content as {
    contextInfo?: proto.IContextInfo
    message?: proto.IMessage
  }
  if (inner) return { [kind]: { ...content, message: withTimer(inner, seconds) }, ...beside }
  return { [kind]: { ...content, contextInfo: { ...context, expiration: seconds } }, ...beside }
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
  const context = contextOf(content)
  const quoted = context?.quotedMessage
  const reaction = content?.reactionMessage
  const protocol = content?.protocolMessage
  const target = protocol?.key?.id
  const edited = protocol?.type === MESSAGE_EDIT ? protocol.editedMessage : undefined
  return {
    text: content?.conversation || content?.extendedTextMessage?.text || captionOf(content ?? {}),
    file: claimedFile(content ?? {}),
    card: readCard(content ?? {}),
    quote: context?.stanzaId
      ? { id: context.stanzaId, text: quoted ? readContent(quoted).text : '' }
      : undefined,
    reaction: reaction?.key?.id ? { id: reaction.key.id, emoji: reaction.text ?? '' } : undefined,
    edit: target && edited ? { id: target, text: readContent(edited).text } : undefined,
    revoke:
      target && protocol?.type === REVOKE ? { id: target, isOwn: protocol.key?.fromMe === true } : undefined,
    mentioned: context?.mentionedJid ?? [],
    disappearsAfter: context?.expiration ?? 0,
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

/** Where a message says what it mentions, answers, and how long it stays: any kind of content may. */
function contextOf(content: proto.IMessage | undefined): proto.IContextInfo | undefined {
  return Object.values(content ?? {})
    .map((each: unknown) => (each as { contextInfo?: proto.IContextInfo } | null)?.contextInfo)
    .find((context) => context)
}

/** A message as a quote carries it: all of it but what it quotes and mentions itself. */
function quotable(message: proto.IMessage): proto.IMessage {
  const { extendedTextMessage, messageContextInfo: _, ...rest } = normalizeMessageContent(message) ?? {}
  if (extendedTextMessage) return { conversation: extendedTextMessage.text ?? '' }
  return Object.fromEntries(
    Object.entries(rest).map(([kind, content]: [string, unknown]) => [
      kind,
      typeof content === 'object' && content !== null ? { ...content, contextInfo: undefined } : content,
    ]),
  )
}
