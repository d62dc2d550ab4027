import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { csvLine } from './csv-line.ts'

const COLUMNS = [
  'account',
  'conversationId',
  'conversation',
  'kind',
  'phoneNumber',
  'shownName',
  'lastAt',
] as const

/** What a line says of a conversation. */
export type Contact = Pick<
  ConversationView,
  Exclude<(typeof COLUMNS)[number], 'shownName'> | 'name' | 'fields'
>

/** No more than that: there may be thousands. */
export function contactOf(conversation: ConversationView): Contact {
  const {
    account,
    conversationId,
    conversation: named,
    kind,
    phoneNumber,
    name,
    lastAt,
    fields,
  } = conversation
  return { account, conversationId, conversation: named, kind, phoneNumber, name, lastAt, fields }
}

/** The first line: what is known of a conversation by itself, then the contact fields. */
export function contactsHeader(fields: readonly string[]): string {
  return csvLine([...COLUMNS, ...fields])
}

/** A conversation, with a column for each of these fields; empty where it has none. */
export function contactsLine(contact: Contact, fields: readonly string[]): string {
  const { account, conversationId, conversation: named, kind, phoneNumber, name, lastAt } = contact
  const values = new Map(contact.fields.map((field) => [field.name, field.value]))
  return csvLine([
    account,
    conversationId,
    named,
    kind,
    phoneNumber,
    name,
    lastAt,
    ...fields.map((field) => values.get(field) ?? null),
  ])
}
