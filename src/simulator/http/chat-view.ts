import { cardView, mediaView } from './content-view.ts'
import { pollVotes, type PollVotes } from './poll-votes.ts'
import { changesOf, type IsAdministrator, type MessageChange } from './chat-changes.ts'
import { readContent, type ShownContent } from '../phones/message-content.ts'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { ChatView, MessageView } from '../../protocol/demo-state.ts'
import type { RecordedMessage, SentMessage } from '../phones/records.ts'

/** How many messages of a chat are shown. */
const SHOWN_MESSAGES = 200
/** As on a real phone, "typing…" goes away by itself. */
const TYPING_SHOWN_MS = 25_000

interface Entry {
  chat: string
  order: number
  view: MessageView
}

/** All chats of a phone, the one with the latest message first. */
export function chatsOf(
  phone: SimulatedPhone,
  o: {
    /** Of a person, by number, or a group, by JID. */
    nameOf: (chat: string) => string
    isAdministrator: IsAdministrator
    nowMs: number
  },
): ChatView[] {
  const { nameOf, nowMs } = o
  const changes = changesOf(phone, o.isAdministrator)
  const status = statusByMessage(phone)
  const votes = pollVotes(phone)
  const entries = [
    ...phone.received.filter(isShown).map((message) => received(phone, message, { nameOf, votes })),
    ...phone.sent.items
      .filter(({ message, vote }) => isShown({ ...readContent(message), vote }))
      .map((message) => sent(phone, message, { status, votes })),
  ].sort((one, other) => one.view.at.localeCompare(other.view.at) || one.order - other.order)
  const chats = new Map<string, MessageView[]>()
  for (const { chat, view } of entries) {
    const messages = chats.get(chat) ?? []
    messages.push(withChange(view, changes.get(view.id)))
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

/** Whether it is shown as a message; a reaction, an edit, a deletion or a vote changes another message. */
function isShown({
  reaction,
  edit,
  revoke,
  vote,
}: Pick<ShownContent, 'reaction' | 'edit' | 'revoke'> & Pick<RecordedMessage, 'vote'>): boolean {
  return [reaction, edit, revoke, vote].every((change) => change === undefined)
}

function withChange(view: MessageView, change: MessageChange | undefined): MessageView {
  if (change === undefined) return view
  const { isDeleted, text, reactions } = change
  return {
    ...view,
    text: isDeleted ? '' : (text ?? view.text),
    ...(isDeleted ? { media: null, card: null } : {}),
    isEdited: text !== undefined,
    isDeleted,
    reactions: [...reactions.values()],
  }
}

function received(
  phone: SimulatedPhone,
  message: RecordedMessage,
  { nameOf, votes }: { nameOf: (phoneNumber: string) => string; votes: PollVotes },
): Entry {
  const { id, text, quote, viaOwnAccount } = message
  const isOut = message.from === phone.phoneNumber
  return {
    chat: message.chat,
    order: message.order,
    view: {
      id,
      direction: isOut ? 'out' : 'in',
      author: isOut || message.chat.startsWith('+') ? null : nameOf(message.from),
      text,
      media: mediaView(phone, message.media),
      card: cardView(message.card, { votes: votes.get(id), phoneNumber: phone.phoneNumber }),
      isEdited: false,
      isDeleted: false,
      quote: quote ?? null,
      reactions: [],
      at: new Date(message.at).toISOString(),
      viaLinkedDevice: viaOwnAccount,
      status: isOut ? 'sent' : null,
    },
  }
}

function sent(
  phone: SimulatedPhone,
  message: SentMessage,
  { status, votes }: { status: ReadonlyMap<string, 'delivered' | 'read'>; votes: PollVotes },
): Entry {
  const { quote, file, card } = readContent(message.message)
  return {
    chat: message.chat,
    order: 0,
    view: {
      id: message.id,
      direction: 'out',
      author: null,
      text: message.text,
      media: mediaView(phone, file),
      card: cardView(card, { votes: votes.get(message.id), phoneNumber: phone.phoneNumber }),
      isEdited: false,
      isDeleted: false,
      quote: quote ?? null,
      reactions: [],
      at: new Date(message.at).toISOString(),
      viaLinkedDevice: false,
      status: status.get(message.id) ?? 'sent',
    },
  }
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

/** The chats in which somebody types to this phone: the latest sign is fresh, and no message has come since. */
function typingNow(phone: SimulatedPhone, nowMs: number): string[] {
  const latest = new Map(phone.typing.map((typing) => [typing.chat, typing]))
  return [...latest.values()]
    .filter(({ from, chat, isTyping, at, order }) => {
      if (!isTyping || nowMs - at > TYPING_SHOWN_MS) return false
      return !phone.received.some(
        (message) => message.chat === chat && message.from === from && message.order > order,
      )
    })
    .map(({ chat }) => chat)
}
