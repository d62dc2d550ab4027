import { businessAddress, numberFrom, userIdFrom } from '../identity/business-address.ts'
import { type Fields, textIn } from '../inbound/fields.ts'
import type { BusinessUpdate } from './business-update.ts'
import type { NewUpdate } from './update-journal.ts'

/** An update as it is kept; `null` for one that is nested too deeply to be written. */
export function toNewUpdate(update: BusinessUpdate): NewUpdate | null {
  try {
    const content = JSON.stringify(update)
    const id = idOf(update)
    // Without an id a repetition is what says the same.
    return { content, name: `${update.kind}:${id ?? content}`, author: authorOf(update) ?? '' }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** A message is itself by its id; what changes it may have the id of what is changed. */
function idOf(update: BusinessUpdate): string | null {
  switch (update.kind) {
    case 'message':
    case 'echo':
    case 'past': {
      const { id, type, timestamp } = update.message
      const changes = type === 'edit' || type === 'revoke' || type === 'unsupported' ? String(timestamp) : ''
      return textIn(id) === null ? null : JSON.stringify([id, type, changes])
    }
    case 'status': {
      const { id, status } = update.status
      return textIn(id) === null ? null : JSON.stringify([id, status])
    }
    case 'call': {
      const { id, event, timestamp } = update.call
      return textIn(id) === null ? null : JSON.stringify([id, event, timestamp])
    }
    case 'handover':
    case 'notice':
      return null
  }
}

/** Whose forgetting erases it: whoever wrote, or was written to. */
function authorOf(update: BusinessUpdate): string | null {
  switch (update.kind) {
    case 'message':
      return (
        addressIn(update.message, 'from_user_id', 'from') ?? addressIn(update.contact, 'user_id', 'wa_id')
      )
    // What the owner writes to somebody is a part of the talk with them.
    case 'echo':
      return addressIn(update.message, 'to_user_id', 'to') ?? addressIn(update.contact, 'user_id', 'wa_id')
    case 'past':
      return addressIn(update.context, 'user_id', 'wa_id') ?? addressIn(update.context, 'user_id', 'id')
    case 'call':
      return addressIn(update.call, 'from_user_id', 'from') ?? addressIn(update.contact, 'user_id', 'wa_id')
    case 'status':
      return (
        addressIn(update.status, 'recipient_user_id', 'recipient_id') ??
        addressIn(update.contact, 'user_id', 'wa_id')
      )
    case 'handover':
      return addressIn(update.value, 'user_id', 'wa_id')
    case 'notice':
      return null
  }
}

function addressIn(fields: Fields, userId: string, number: string): string | null {
  return businessAddress(userIdFrom(fields[userId]), numberFrom(fields[number]))
}
