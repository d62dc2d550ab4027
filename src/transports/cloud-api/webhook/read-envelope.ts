import { numberFrom } from '../identity/business-address.ts'
import { type Fields, fieldsOf, listOf, textIn } from '../inbound/fields.ts'
import type { BusinessUpdate } from './business-update.ts'

/** What one request holds. */
export interface Envelope {
  /** What is for a number, by its id. */
  ofNumbers: Map<string, BusinessUpdate[]>
  /** What is for a Business account, and names no number. */
  notices: BusinessNotice[]
  /** How many changes are for numbers that `isHere` does not know, and are left out. */
  foreign: number
  /** How many changes and updates are beyond what one request may hold. */
  leftOut: number
}

type BusinessNotice = Extract<BusinessUpdate, { kind: 'notice' }>

/** A part of the history has thousands; nothing else has more than one thousand. */
const MAX_UPDATES = 20_000
/** One for each person of a batch. */
const MAX_CONTACTS = 1_000
/** Where an update names its person; an id says more than a number. */
const NAMING = ['from_user_id', 'recipient_user_id', 'to_user_id', 'from', 'recipient_id', 'to'] as const

/** What is for one number; `base` goes into each update. */
interface Value {
  field: string
  value: Fields
  base: Pick<BusinessUpdate, 'business' | 'ownNumber' | 'phoneNumberId'>
}

/** By the field of the change: what it holds. Every other field is a notice. */
const READERS: Readonly<Record<string, (value: Value) => BusinessUpdate[]>> = {
  messages: readMessages,
  standby: readMessages,
  smb_message_echoes: readMessages,
  calls: ({ value, base }) => {
    const contactOf = contactsOf(value)
    return listOf(value['calls']).map((call) => ({ ...base, kind: 'call', call, contact: contactOf(call) }))
  },
  messaging_handovers: ({ value, base }) => [{ ...base, kind: 'handover', value }],
  history: readHistory,
  // The owner's address book: what people are called, they say themselves.
  smb_app_state_sync: () => [],
}

/**
 * Takes the body of a request apart; it may hold anything. `isHere`: whether this daemon may have the number with this id, which belongs to
 * that Business account. Source: Meta, `webhooks/reference`.
 */
export function readEnvelope(
  body: unknown,
  isHere: (phoneNumberId: string, business: string) => boolean,
): Envelope {
  const envelope: Envelope = { ofNumbers: new Map(), notices: [], foreign: 0, leftOut: 0 }
  const room = { left: MAX_UPDATES }
  for (const entry of listOf(fieldsOf(body)['entry'])) {
    const business = textIn(entry['id']) ?? ''
    for (const change of listOf(entry['changes'])) {
      if (room.left === 0) envelope.leftOut += 1
      else readChange(change, { envelope, business, isHere, room })
    }
  }
  return envelope
}

function readChange(
  change: Fields,
  {
    envelope,
    business,
    isHere,
    room,
  }: {
    envelope: Envelope
    business: string
    isHere: Parameters<typeof readEnvelope>[1]
    room: { left: number }
  },
): void {
  const field = textIn(change['field']) ?? 'unknown'
  const value = fieldsOf(change['value'])
  const metadata = metadataOf(value)
  const ownNumber = numberFrom(textIn(metadata['display_phone_number'])?.replaceAll(/\D/g, '') ?? null)
  const base = { business, ownNumber }
  const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined
  if (read === undefined) {
    room.left -= 1
    envelope.notices.push({ ...base, kind: 'notice', field, value: change['value'] })
    return
  }
  const phoneNumberId = textIn(metadata['phone_number_id'])
  if (phoneNumberId === null || !isHere(phoneNumberId, business)) {
    envelope.foreign += 1
    return
  }
  const updates = read({ field, value, base: { ...base, phoneNumberId } })
  const taken = updates.length <= room.left ? updates : updates.slice(0, room.left)
  room.left -= taken.length
  envelope.leftOut += updates.length - taken.length
  const known = envelope.ofNumbers.get(phoneNumberId)
  if (known === undefined) envelope.ofNumbers.set(phoneNumberId, taken)
  else for (const update of taken) known.push(update)
}

function metadataOf(value: Fields): Fields {
  const [history = {}] = listOf(value['history'])
  return fieldsOf(value['metadata'] ?? history['metadata'])
}

function readMessages({ field, value, base }: Value): BusinessUpdate[] {
  const isForApp = field === 'standby'
  const contactOf = contactsOf(value)
  const messages = listOf(value['messages']).map((message) => ({
    ...base,
    kind: 'message' as const,
    message,
    contact: contactOf(message),
    isForApp,
  }))
  const statuses = listOf(value['statuses']).map((status) => ({
    ...base,
    kind: 'status' as const,
    status,
    contact: contactOf(status),
  }))
  const echoes = listOf(value['message_echoes']).map((message) => ({
    ...base,
    kind: 'echo' as const,
    message,
    contact: contactOf(message),
    isForApp,
  }))
  const updates = [...messages, ...statuses, ...echoes]
  // Errors that belong to no message are about the number.
  return updates.length === 0 ? [{ ...base, kind: 'notice', field: 'errors', value }] : updates
}

function readHistory({ value, base }: Value): BusinessUpdate[] {
  const parts = listOf(value['history'])
  const errors = parts.flatMap((part) => listOf(part['errors']))
  const past = parts
    .flatMap((part) => listOf(part['threads']))
    .flatMap((thread) =>
      listOf(thread['messages']).map((message) => ({
        ...base,
        kind: 'past' as const,
        message,
        context: { ...fieldsOf(thread['context']), id: thread['id'] },
      })),
    )
  return [
    ...past,
    ...(errors.length > 0 ? [{ ...base, kind: 'notice' as const, field: 'history', value: { errors } }] : []),
  ]
}

/** Of several people those whom the update names; WhatsApp lists one for each. */
function contactsOf({ contacts }: Fields): (update: Fields) => Fields {
  const listed = listOf(contacts).slice(0, MAX_CONTACTS)
  const byId = new Map<string, Fields>()
  for (const contact of listed)
    for (const id of [contact['user_id'], contact['wa_id']])
      if (typeof id === 'string' && !byId.has(id)) byId.set(id, contact)
  return (update) => {
    const ids = NAMING.flatMap((key) => textIn(update[key]) ?? [])
    const named = ids.map((id) => byId.get(id)).find((contact) => contact !== undefined)
    return named ?? (listed.length === 1 && ids.length === 0 ? fieldsOf(listed[0]) : {})
  }
}
