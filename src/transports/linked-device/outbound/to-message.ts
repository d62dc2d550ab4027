import type { GroupMetadata, proto, WAMessageKey } from '@whiskeysockets/baileys'
import { textOf } from '../../../messaging/content.ts'
import type { MessageReference } from '../../../messaging/message-reference.ts'
import type { OutgoingContent } from '../../../messaging/outgoing-message.ts'
import type { ChatTimer, ChatTimers } from './chat-timers.ts'

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

/**
 * The message as it goes out; the same content gives the same message when a phone asks for it again. `to`: the address of the
 * chat on the wire; what it refers to in a chat of two is named by it too, whatever it was called when it came.
 */
export function toMessage(content: OutgoingContent, to: string, timer?: ChatTimer): proto.IMessage {
  if (content.kind === 'reaction') {
    const { emoji, target, at } = content
    const key = messageKey({ ...target, chat: addressed(target.chat, to) })
    return { reactionMessage: { key, text: emoji, senderTimestampMs: at.getTime() } }
  }
  const { parts, quote } = content
  const text = textOf(parts)
  const disappearing = timer === undefined || timer.seconds === 0 ? {} : contextOfTimer(timer)
  const contextInfo = { ...(quote === undefined ? {} : contextOfQuote(quote, to)), ...disappearing }
  if (Object.keys(contextInfo).length === 0) return { conversation: text }
  return { extendedTextMessage: { text, contextInfo } }
}

/** Where Baileys finds a message that came in: with its author in groups, and as our own in the chat with ourselves. */
export function messageKey({ chat, id, sender }: MessageReference): WAMessageKey {
  return {
    remoteJid: chat.address,
    fromMe: chat.kind === 'self',
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

function contextOfQuote({ message: { chat, id, sender }, text }: Quote, to: string): proto.IContextInfo {
  const author = sender === null || chat.kind === 'group' ? sender : to
  return {
    stanzaId: id,
    ...(author === null ? {} : { participant: author }),
    quotedMessage: { conversation: text },
  }
}
