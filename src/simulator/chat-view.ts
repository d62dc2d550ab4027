import type { SimulatedPhone } from './phone.ts'
import type { RecordedMessage, SentMessage } from './records.ts'

/** How many messages of a chat are shown. */
const SHOWN_MESSAGES = 200
/** As on a real phone, "typing…" goes away by itself. */
const TYPING_SHOWN_MS = 25_000

export interface MessageView {
  id: string
  /** `out`: written on this phone or by a device linked to it. */
  direction: 'in' | 'out'
  text: string
  quote: { id: string; text: string } | null
  /** Emoji of the reactions it has now. */
  reactions: string[]
  /** ISO 8601. */
  at: string
  /** Written by a linked device of this phone's account, not on the phone. */
  viaLinkedDevice: boolean
  /** Of outgoing messages; `null` for incoming ones. */
  status: 'sent' | 'delivered' | 'read' | null
}

/** One chat as the phone shows it. */
export interface ChatView {
  /** E.164 of the other side; the phone's own number for "message yourself". */
  with: string
  name: string
  isTyping: boolean
  /** Oldest first. */
  messages: MessageView[]
}

interface Entry {
  chat: string
  order: number
  view: MessageView
}

/** All chats of a phone, the one with the latest message first. */
export function chatsOf(
  phone: SimulatedPhone,
  nameOf: (phoneNumber: string) => string,
  nowMs: number,
): ChatView[] {
  const reactions = reactionsByMessage(phone)
  const status = statusByMessage(phone)
  const entries = [
    ...phone.received
      .filter(({ reaction }) => reaction === undefined)
      .map((message) => received(phone, message)),
    ...phone.sent.items
      .filter(({ message }) => !message.reactionMessage)
      .map((message) => sent(message, status)),
  ].sort((one, other) => one.view.at.localeCompare(other.view.at) || one.order - other.order)
  const chats = new Map<string, MessageView[]>()
  for (const { chat, view } of entries) {
    const messages = chats.get(chat) ?? []
    messages.push({ ...view, reactions: [...(reactions.get(view.id)?.values() ?? [])] })
    chats.delete(chat)
    chats.set(chat, messages)
  }
  const numbers = new Set([...typingNow(phone, nowMs), ...[...chats.keys()].toReversed()])
  return [...numbers].map((number) => ({
    with: number,
    name: nameOf(number),
    isTyping: typingNow(phone, nowMs).includes(number),
    messages: (chats.get(number) ?? []).slice(-SHOWN_MESSAGES),
  }))
}

function received(phone: SimulatedPhone, message: RecordedMessage): Entry {
  const { id, text, quote, viaOwnAccount } = message
  const isOut = message.from === phone.phoneNumber
  return {
    chat: message.chat,
    order: message.order,
    view: {
      id,
      direction: isOut ? 'out' : 'in',
      text,
      quote: quote ?? null,
      reactions: [],
      at: new Date(message.at).toISOString(),
      viaLinkedDevice: viaOwnAccount,
      status: isOut ? 'sent' : null,
    },
  }
}

function sent(message: SentMessage, status: ReadonlyMap<string, 'delivered' | 'read'>): Entry {
  const context = message.message.extendedTextMessage?.contextInfo
  const quoted = context?.quotedMessage?.conversation ?? ''
  return {
    chat: message.chat,
    order: 0,
    view: {
      id: message.id,
      direction: 'out',
      text: message.text,
      quote: context?.stanzaId ? { id: context.stanzaId, text: quoted } : null,
      reactions: [],
      at: new Date(message.at).toISOString(),
      viaLinkedDevice: false,
      status: status.get(message.id) ?? 'sent',
    },
  }
}

/** The latest reaction of each person, by the message it is on. */
function reactionsByMessage(phone: SimulatedPhone): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>()
  const note = (target: string, from: string, emoji: string): void => {
    const byPerson = found.get(target) ?? new Map<string, string>()
    if (emoji === '') byPerson.delete(from)
    else byPerson.set(from, emoji)
    found.set(target, byPerson)
  }
  for (const { message } of phone.sent.items) {
    const { key, text } = message.reactionMessage ?? {}
    if (key?.id) note(key.id, phone.phoneNumber, text ?? '')
  }
  for (const { from, reaction } of phone.received) if (reaction) note(reaction.id, from, reaction.emoji)
  return found
}

function statusByMessage(phone: SimulatedPhone): Map<string, 'delivered' | 'read'> {
  const status = new Map<string, 'delivered' | 'read'>()
  for (const { messageId, type, from } of phone.receipts) {
    if (from === phone.phoneNumber) continue
    if (type === 'read') status.set(messageId, 'read')
    else if (type !== 'retry' && !status.has(messageId)) status.set(messageId, 'delivered')
  }
  return status
}

/** Who is typing to this phone: the latest sign of typing is fresh, and no message has come since. */
function typingNow(phone: SimulatedPhone, nowMs: number): string[] {
  const latest = new Map(phone.typing.map((typing) => [typing.from, typing]))
  return [...latest.values()]
    .filter(({ from, isTyping, at, order }) => {
      if (!isTyping || nowMs - at > TYPING_SHOWN_MS) return false
      return !phone.received.some((message) => message.from === from && message.order > order)
    })
    .map(({ from }) => from)
}
