import { type Fields, fieldsOf, textIn } from '../inbound/fields.ts'
import { numberFrom, userIdFrom } from './business-address.ts'
import type { SeenPerson } from './business-people.ts'

type Named = Omit<SeenPerson, 'business' | 'at'>

/** Who wrote a message, or called. What the update itself says counts before what is said beside it. */
export function senderIn(update: Fields, contact: Fields): Named {
  return {
    userId: userIdFrom(update['from_user_id']) ?? userIdFrom(contact['user_id']),
    parentId: userIdFrom(update['from_parent_user_id']) ?? userIdFrom(contact['parent_user_id']),
    phoneNumber: numberFrom(update['from']) ?? numberFrom(contact['wa_id']),
    displayName: nameIn(contact),
  }
}

/** Whom a message of ours was for, or one that the owner wrote by hand. */
export function recipientIn(update: Fields, contact: Fields): Named {
  const userId = update['recipient_user_id'] ?? update['to_user_id']
  const parentId = update['recipient_parent_user_id'] ?? update['to_parent_user_id']
  return {
    userId: userIdFrom(userId) ?? userIdFrom(contact['user_id']),
    parentId: userIdFrom(parentId) ?? userIdFrom(contact['parent_user_id']),
    phoneNumber: numberFrom(update['recipient_id'] ?? update['to']) ?? numberFrom(contact['wa_id']),
    displayName: nameIn(contact),
  }
}

/** The other side of a chat from before the number was connected. */
export function otherSideIn(context: Fields): Named {
  return {
    userId: userIdFrom(context['user_id']),
    parentId: userIdFrom(context['parent_user_id']),
    phoneNumber: numberFrom(context['wa_id']) ?? numberFrom(context['id']),
    displayName: null,
  }
}

/** By the person's own word. A user name can be another one tomorrow: it is nothing but a word to show. */
function nameIn(contact: Fields): string | null {
  const profile = fieldsOf(contact['profile'])
  const username = textIn(profile['username']) ?? textIn(contact['username'])
  return textIn(profile['name']) ?? (username === null ? null : `@${username}`)
}
