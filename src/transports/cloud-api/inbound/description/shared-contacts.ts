import type { ContentPart } from '../../../../messaging/content.ts'
import { contactsPart, type ToldContact } from '../../../../text/description/contacts.ts'
import { MAX_ITEMS } from '../../../../text/description/part-texts.ts'
import { numberFrom } from '../../identity/business-address.ts'
import { type Fields, fieldsOf, listOf, textIn } from '../fields.ts'

/** Numbers, and addresses, of one contact. */
const MAX_VALUES = 20

/** Contacts that somebody sent. A number in it is what its sender says, also where we had asked for it: nobody is known by it. */
export function describeSharedContacts(contacts: readonly Fields[]): (ContentPart | null)[] {
  return contacts.length === 0 ? [] : [contactsPart(contacts.slice(0, MAX_ITEMS).map(toldContact))]
}

function toldContact(contact: Fields): ToldContact {
  const name = fieldsOf(contact['name'])
  const organisation = fieldsOf(contact['org'])
  return {
    name: textIn(name['formatted_name']) ?? textIn(name['first_name']) ?? textIn(name['last_name']),
    numbers: listOf(contact['phones'])
      .slice(0, MAX_VALUES)
      .flatMap(({ phone, wa_id }) => {
        const phoneNumber = numberFrom(wa_id)
        const written = textIn(phone) ?? phoneNumber
        return written === null ? [] : [{ phoneNumber, written }]
      }),
    emails: listOf(contact['emails'])
      .slice(0, MAX_VALUES)
      .flatMap(({ email }) => textIn(email) ?? []),
    organisation: textIn(organisation['company']),
  }
}
