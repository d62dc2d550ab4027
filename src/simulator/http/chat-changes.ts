import { readContent, type ShownContent } from '../phones/message-content.ts'
import type { SimulatedPhone } from '../phones/phone.ts'

/** What became of a message after it was written. */
export interface MessageChange {
  /** The text that it was given last. */
  text: string | undefined
  isDeleted: boolean
  /** The reaction that each person has on it now. */
  reactions: Map<string, string>
}

/** Whether somebody, by phone number, administers the group of this JID. */
export type IsAdministrator = (chat: string, phoneNumber: string) => boolean

interface Action {
  id: string
  author: string
  chat: string
  content: Pick<ShownContent, 'edit' | 'revoke' | 'reaction'>
}

/**
 * What became of a phone's messages, by id. As in every app only the author edits, and only the author or an
 * administrator deletes; what others claim changes nothing.
 */
export function changesOf(
  phone: SimulatedPhone,
  isAdministrator: IsAdministrator,
): ReadonlyMap<string, MessageChange> {
  const actions = actionsOf(phone)
  const authors = new Map(actions.map(({ chat, id, author }) => [`${chat} ${id}`, author]))
  const changes = new Map<string, MessageChange>()
  const changeOf = (id: string): MessageChange => {
    const change = changes.get(id) ?? { text: undefined, isDeleted: false, reactions: new Map() }
    changes.set(id, change)
    return change
  }
  for (const { author, chat, content } of actions) {
    const { edit, revoke, reaction } = content
    if (edit !== undefined && authors.get(`${chat} ${edit.id}`) === author) changeOf(edit.id).text = edit.text
    if (revoke !== undefined) {
      const isAuthor = authors.get(`${chat} ${revoke.id}`) === author
      if (revoke.isOwn ? isAuthor : isAdministrator(chat, author)) changeOf(revoke.id).isDeleted = true
    }
    if (reaction?.emoji === '') changeOf(reaction.id).reactions.delete(author)
    else if (reaction !== undefined) changeOf(reaction.id).reactions.set(author, reaction.emoji)
  }
  return changes
}

/** Everything written in the phone's chats, what it sent before what it received. */
function actionsOf(phone: SimulatedPhone): Action[] {
  const sent = phone.sent.items.map(({ id, chat, message, at }) => ({
    at,
    action: { id, author: phone.phoneNumber, chat, content: readContent(message) },
  }))
  const received = phone.received.map((message) => ({
    at: message.at,
    action: { id: message.id, author: message.from, chat: message.chat, content: message },
  }))
  return [...sent, ...received].sort((one, other) => one.at - other.at).map(({ action }) => action)
}
