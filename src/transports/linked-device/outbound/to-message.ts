import {
  type Contact,
  type GroupMetadata,
  isLidUser,
  jidNormalizedUser,
  proto,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import type { MessageReference } from '../../../messaging/message-reference.ts'
import type { OutgoingContent } from '../../../messaging/outgoing-message.ts'
import type { ChatTimer, ChatTimers } from './chat-timers.ts'
import { messageBody, type UploadedFile } from './message-body.ts'

const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type

type Quote = NonNullable<Extract<OutgoingContent, { kind: 'message' }>['quote']>

/** How long a message to this chat is shown. Of a group WhatsApp says it with the members. */
export function timerOf(
  chat: string,
  group: GroupMetadata | undefined,
  timers: Pick<ChatTimers, 'of'>,
): ChatTimer | undefined {
  const known = timers.of(chat)
  if (group === undefined) return known
  const seconds = group.ephemeralDuration ?? 0
  return seconds === known?.seconds ? known : { seconds, setAt: 0 }
}

/** What the account is called in this chat, which names people by their LIDs or by their numbers; `null` where it has no such name. */
export function ownAddress(
  me: Contact | undefined,
  to: string,
  group: Pick<GroupMetadata, 'addressingMode'> | undefined,
): string | null {
  const byLid = group === undefined ? isLidUser(to) === true : group.addressingMode === 'lid'
  const jid = byLid ? (me?.lid ?? me?.id) : me?.id
  return jid === undefined ? null : jidNormalizedUser(jid)
}

/**
 * The message as it goes out; the same content gives the same message when a phone asks for it again. `to`: the address of the
 * chat on the wire; what it refers to in a chat of two is named by it too, whatever it was called when it came. `own`: what the account is
 * called in that chat (`ownAddress`). `uploaded`: its file.
 */
export function toMessage(
  content: OutgoingContent,
  to: string,
  {
    own,
    timer,
    uploaded = null,
  }: { own: string | null; timer?: ChatTimer | undefined; uploaded?: UploadedFile | null },
): proto.IMessage {
  if (content.kind === 'reaction') {
    const { emoji, target, at } = content
    const key = messageKey({ ...target, chat: addressed(target.chat, to) })
    return { reactionMessage: { key, text: emoji, senderTimestampMs: at.getTime() } }
  }
  if (content.kind !== 'message') return revisionMessage(content, to)
  const { part, quote } = content
  const disappearing = timer === undefined || timer.seconds === 0 ? {} : contextOfTimer(timer)
  const contextInfo = { ...(quote === undefined ? {} : contextOfQuote(quote, to, own)), ...disappearing }
  return messageBody(part, Object.keys(contextInfo).length === 0 ? null : contextInfo, uploaded)
}

/** As phones write it (whatsmeow's `BuildEdit` and `BuildRevoke`). */
function revisionMessage(
  content: Extract<OutgoingContent, { kind: 'edit' | 'revoke' }>,
  to: string,
): proto.IMessage {
  const { target } = content
  const key = messageKey({ ...target, chat: addressed(target.chat, to) })
  if (content.kind === 'revoke') return { protocolMessage: { key, type: REVOKE } }
  const editedMessage = { conversation: content.text }
  const protocolMessage = { key, type: MESSAGE_EDIT, editedMessage, timestampMs: content.at.getTime() }
  return { editedMessage: { message: { protocolMessage } } }
}

/** Where Baileys finds a message that came in: with its author in groups, and as our own in the chat with ourselves. */
export function messageKey({ chat, id, sender, isOurs }: MessageReference): WAMessageKey {
  return {
    remoteJid: chat.address,
    fromMe: isOurs === true || chat.kind === 'self',
    id,
    ...(chat.kind === 'group' && sender !== null ? { participant: sender } : {}),
  }
}

function addressed(chat: MessageReference['chat'], to: string): MessageReference['chat'] {
  return chat.kind === 'group' ? chat : { ...chat, address: to }
}

function contextOfTimer({ seconds, setAt }: ChatTimer): proto.IContextInfo {
  return { expiration: seconds, ...(setAt === 0 ? {} : { ephemeralSettingTimestamp: setAt }) }
}

function contextOfQuote(
  { message: { chat, id, sender, isOurs }, text }: Quote,
  to: string,
  own: string | null,
): proto.IContextInfo {
  const theirs = sender === null || chat.kind === 'group' ? sender : to
  const author = isOurs === true ? own : theirs
  return {
    stanzaId: id,
    ...(author === null ? {} : { participant: author }),
    quotedMessage: { conversation: text },
  }
}
