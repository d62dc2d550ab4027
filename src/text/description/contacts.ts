import type { ContentPart } from '../../messaging/content.ts'
import type { MessageDetail } from '../../protocol/agent/message-detail.ts'
import { line, lineOrNull, listed, MAX_ITEMS, words } from './part-texts.ts'

type Contact = Extract<MessageDetail, { type: 'contact' }>

/** A contact that somebody sent. `phoneNumber`: E.164, where WhatsApp names it so. */
export interface ToldContact {
  name: string | null | undefined
  numbers: readonly { phoneNumber: string | null; written: string }[]
  emails: readonly string[]
  organisation: string | null | undefined
}

/** Contacts as they are told: in fields, and a line for each with the numbers as they are written. */
export function contactsPart(contacts: readonly ToldContact[]): ContentPart | null {
  const told = contacts.slice(0, MAX_ITEMS)
  const lines = told.map(({ name, numbers }) =>
    [lineOrNull(name), ...numbers.map(({ written }) => line(written))].filter(Boolean).join(', '),
  )
  const details = told.map(detailOf)
  const [first = ''] = lines
  return words(told.length === 1 ? `[contact] ${first}` : listed('[contacts]', lines), ...details)
}

function detailOf({ name, numbers, emails, organisation }: ToldContact): Contact {
  return {
    type: 'contact',
    name: lineOrNull(name),
    phoneNumbers: numbers.map(({ phoneNumber, written }) => phoneNumber ?? line(written)),
    emails: emails.map(line),
    organisation: lineOrNull(organisation),
  }
}
