import { numberFrom } from '../identity/business-address.ts'
import { type Fields, fieldsOf, listOf, textIn } from '../inbound/fields.ts'
import type { BusinessUpdate } from './business-update.ts'

/** What one request holds. */
export interface Envelope {
  updates: BusinessUpdate[]
  /** How many changes are for another number, and are left out. */
  foreign: number
  /** How many changes and updates are beyond what one request may hold. */
  leftOut: number
}

/** A part of the history has thousands; nothing else has more than one thousand. */
const MAX_UPDATES = 20_000
/** One for each person of a batch. */
const MAX_CONTACTS = 1_000

/** What is for one number; `base` goes into each update. */
interface Value {
  field: string
  value: Fields
  base: Pick<BusinessUpdate, 'business' | 'ownNumber'>
}

/** By the field of the change: what it holds. Every other field is a notice. */
const READERS: Readonly<Record<string, (value: Value) => BusinessUpdate[]>> = {
  messages: readMessages,
  standby: readMessages,
  smb_message_echoes: readMessages,
  calls: ({ value, base }) =>
    listOf(value['calls']).map((call) => ({ ...base, kind: 'call', call, contact: contactOf(value, call) })),
  messaging_handovers: ({ value, base }) => [{ ...base, kind: 'handover', value }],
  history: readHistory,
  // The owner's address book: what people are called, they say themselves.
  smb_app_state_sync: () => [],
}

/**
 * Takes the body of a request apart; it may hold anything. `phoneNumberId`: our number. Changes of an account, which name no number, are
 * for everybody. Source: Meta, `webhooks/reference`.
 */
export function readEnvelope(body: unknown, phoneNumberId: string): Envelope {
  const envelope: Envelope = { updates: [], foreign: 0, leftOut: 0 }
  for (const entry of listOf(fieldsOf(body)['entry'])) {
    const business = textIn(entry['id']) ?? ''
    for (const change of listOf(entry['changes'])) {
      if (envelope.updates.length >= MAX_UPDATES) envelope.leftOut += 1
      else readChange(change, { envelope, business, phoneNumberId })
    }
  }
  envelope.leftOut += Math.max(0, envelope.updates.length - MAX_UPDATES)
  return { ...envelope, updates: envelope.updates.slice(0, MAX_UPDATES) }
}

function readChange(
  change: Fields,
  { envelope, business, phoneNumberId }: { envelope: Envelope; business: string; phoneNumberId: string },
): void {
  const field = textIn(change['field']) ?? 'unknown'
  const value = fieldsOf(change['value'])
  const metadata = metadataOf(value)
  const ownNumber = numberFrom(textIn(metadata['display_phone_number'])?.replaceAll(/\D/g, '') ?? null)
  const base = { business, ownNumber }
  const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined
  if (read === undefined) envelope.updates.push({ ...base, kind: 'notice', field, value: change['value'] })
  else if (metadata['phone_number_id'] !== phoneNumberId) envelope.foreign += 1
  else for (const update of read({ field, value, base })) envelope.updates.push(update)
}

function metadataOf(value: Fields): Fields {
  const [history = {}] = listOf(value['history'])
  return fieldsOf(value['metadata'] ?? history['metadata'])
}

function readMessages({ field, value, base }: Value): BusinessUpdate[] {
  const isForApp = field === 'standby'
  const messages = listOf(value['messages']).map((message) => ({
    ...base,
    kind: 'message' as const,
    message,
    contact: contactOf(value, message),
    isForApp,
  }))
  const statuses = listOf(value['statuses']).map((status) => ({
    ...base,
    kind: 'status' as const,
    status,
    contact: contactOf(value, status),
  }))
  const echoes = listOf(value['message_echoes']).map((message) => ({
    ...base,
    kind: 'echo' as const,
    message,
    contact: contactOf(value, message),
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
function contactOf({ contacts }: Fields, update: Fields): Fields {
  const listed = listOf(contacts).slice(0, MAX_CONTACTS)
  const ids = new Set(
    ['from_user_id', 'recipient_user_id', 'to_user_id', 'from', 'recipient_id', 'to'].flatMap(
      (key) => textIn(update[key]) ?? [],
    ),
  )
  const named = listed.find(({ user_id, wa_id }) =>
    [user_id, wa_id].some((id) => typeof id === 'string' && ids.has(id)),
  )
  return named ?? (listed.length === 1 && ids.size === 0 ? fieldsOf(listed[0]) : {})
}
