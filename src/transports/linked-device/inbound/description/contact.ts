import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { contactsPart, type ToldContact } from '../../../../text/description/contacts.ts'
import { lineOrNull, MAX_ITEMS } from '../../../../text/description/part-texts.ts'
import { readCards } from './read-cards.ts'

export function describeContact(contact: proto.Message.IContactMessage): (ContentPart | null)[] {
  return [contactsPart(contactsOf(contact))]
}

export function describeContacts({ contacts }: proto.Message.IContactsArrayMessage): (ContentPart | null)[] {
  return [contactsPart((contacts ?? []).slice(0, MAX_ITEMS).flatMap(contactsOf))]
}

/** Usually one; a card with nothing in it is the name that the message gives it. */
function contactsOf({ displayName, vcard }: proto.Message.IContactMessage): ToldContact[] {
  const cards = readCards(vcard ?? '')
  if (cards.length === 0) return [{ name: displayName, numbers: [], emails: [], organisation: null }]
  const isAlone = cards.length === 1
  return cards.map((card) => ({
    ...card,
    name: (isAlone ? lineOrNull(displayName) : null) ?? card.name,
  }))
}
