import type { StoredMessage } from '../messages/stored-message.ts'
import type { ShownMessage } from './phone-chat.ts'

/** A message of the person's own on their phone, before anything is known of what it says. */
export function ownMessage({ id, type, quotedId, at }: StoredMessage): ShownMessage {
  return {
    id,
    isOwn: true,
    type,
    text: '',
    quotedId,
    file: null,
    choices: null,
    template: null,
    asksForNumber: false,
    place: null,
    people: [],
    byOwner: false,
    at,
    isEdited: false,
    isDeleted: false,
    status: 'sent',
  }
}
