import { EVENTS } from '../../protocol/events.ts'
import type { EventName } from '../../protocol/events.ts'
import type { EventDefinition } from '../../protocol/events/event.ts'
import type { AccountsPort } from '../ports.ts'

/** A larger field is left out: whoever needs it asks for it. */
const MAX_FIELD_BYTES = 64 * 1_024

/** An event's field that nobody publishes and only some see. */
export interface FilledField {
  field: string
  value: object
}

/** What the hub needs of the accounts. */
export function eventSources(accounts: () => Pick<AccountsPort, 'commit' | 'conversations'>): {
  beforeDelivery: () => void
  filled: (name: EventName, payload: object) => FilledField | null
} {
  return {
    beforeDelivery: () => accounts().commit(),
    filled: (name, payload) => filledField(accounts(), name, payload),
  }
}

/**
 * The field of an event that is read when it is sent (`EventDefinition.restricted.filled`); `null` where the event has none, what it shows
 * is gone meanwhile or cannot be read now, or is larger than 64 KiB. Never throws.
 */
function filledField(
  accounts: Pick<AccountsPort, 'conversations'>,
  name: EventName,
  payload: object,
): FilledField | null {
  const { restricted }: EventDefinition = EVENTS[name]
  if (restricted?.filled === undefined) return null
  const { account, conversationId, messageId }: Record<string, unknown> = { ...payload }
  if (typeof account !== 'string' || typeof conversationId !== 'string') return null
  try {
    const conversations = accounts.conversations(account)
    const value =
      restricted.filled === 'message'
        ? conversations.message(conversationId, String(messageId))
        : conversations.get(conversationId)
    if (value === null || Buffer.byteLength(JSON.stringify(value)) > MAX_FIELD_BYTES) return null
    const { field, filled } = restricted
    return { field, value: filled === 'contact' && 'fields' in value ? value.fields : value }
  } catch {
    // The conversation or the account is gone, or its file is closed: whoever asks for it gets the reason.
    return null
  }
}
