import { createHash } from 'node:crypto'
import type {
  CardView,
  ChatView,
  MediaView,
  MessageView,
  PhoneView,
  SimulatorState,
} from '../../../protocol/demo-state.ts'
import type { BusinessPlatform } from '../business-platform.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { BusinessPerson } from '../people/business-person.ts'
import type { PhoneChat, ShownFile, ShownMessage } from '../people/phone-chat.ts'

/** How many messages of a chat are shown. */
const SHOWN_MESSAGES = 200

/** Everything that the phones show, now: first the owner's, with the Business app, then those of people. */
export function businessState(platform: BusinessPlatform, number: BusinessNumber): SimulatorState {
  return {
    phones: [
      {
        ...phone(number.phoneNumber, number.name),
        chats: platform.people
          .filter((person) => person.chatWith(number).messages.length > 0)
          .map((person) => ownersChat(person, number)),
      },
      ...platform.people.map((person) => ({
        ...phone(person.phoneNumber, person.name),
        chats: [personsChat(person, number, platform.now)],
      })),
    ],
    business: { phoneNumber: number.phoneNumber, aheadMs: platform.now - Date.now() },
  }
}

/** Where the page finds a file, from the simulator's address. */
function filePath(phoneNumber: string, file: ShownFile): string {
  const name = createHash('sha256').update(file.bytes).digest('hex')
  return `/phones/${encodeURIComponent(phoneNumber)}/files/${name}?type=${encodeURIComponent(file.mimeType)}`
}

function phone(phoneNumber: string, name: string): Omit<PhoneView, 'chats'> {
  return {
    phoneNumber,
    name,
    linkedDevices: [],
    asksForCode: false,
    hasPasskey: false,
    passkeyLink: null,
  }
}

function personsChat(person: BusinessPerson, number: BusinessNumber, nowMs: number): ChatView {
  const chat = person.chatWith(number)
  return {
    with: number.phoneNumber,
    name: number.name,
    isTyping: chat.isTyping(nowMs),
    messages: chat.messages
      .slice(-SHOWN_MESSAGES)
      .map((message) => messageView(chat, message, { person, isOwners: false })),
  }
}

function ownersChat(person: BusinessPerson, number: BusinessNumber): ChatView {
  const chat = person.chatWith(number)
  return {
    with: person.phoneNumber,
    name: person.name,
    isTyping: false,
    messages: chat.messages
      .slice(-SHOWN_MESSAGES)
      .map((message) => messageView(chat, message, { person, isOwners: true })),
  }
}

/** `isOwners`: as the Business app shows it, where the business's messages are the own ones. */
function messageView(
  chat: PhoneChat,
  message: ShownMessage,
  { person, isOwners }: { person: BusinessPerson; isOwners: boolean },
): MessageView {
  const isOut = message.isOwn !== isOwners
  const quoted = message.quotedId === null ? undefined : chat.find(message.quotedId)
  return {
    id: message.id,
    direction: isOut ? 'out' : 'in',
    author: null,
    text: message.text,
    media: message.file === null ? null : mediaView(person, message.file),
    card: isOwners ? null : cardView(message),
    isEdited: message.isEdited,
    isDeleted: message.isDeleted,
    quote: quoted === undefined ? null : { id: quoted.id, text: quoted.text },
    reactions: reactionsOn(chat, message),
    at: new Date(message.at).toISOString(),
    viaLinkedDevice: isOwners && !message.isOwn && !message.byOwner,
    status: isOut ? (message.status ?? 'sent') : null,
  }
}

/** The last of each side's. */
function reactionsOn(chat: PhoneChat, { id }: ShownMessage): string[] {
  return [chat.reactions, chat.ownReactions].flatMap((side) => {
    const emoji = side.findLast((each) => each.id === id)?.emoji ?? ''
    return emoji === '' ? [] : [emoji]
  })
}

function mediaView({ phoneNumber }: BusinessPerson, file: ShownFile): MediaView {
  const { kind, name, mimeType, bytes } = file
  const path = filePath(phoneNumber, file)
  return { kind, name, mimeType, size: bytes.length, seconds: null, path, problem: null }
}

function cardView({ place, people, choices, asksForNumber }: ShownMessage): CardView | null {
  if (place !== null) return { kind: 'place', ...place, isLive: false }
  if (people.length > 0) return { kind: 'contacts', people }
  if (asksForNumber) return { kind: 'number-request' }
  return choices === null ? null : { kind: 'choices', ...choices }
}
