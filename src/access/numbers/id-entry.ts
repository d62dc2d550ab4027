import type { SenderIdentity } from '../../messaging/identity.ts'

const LID_NOTATION = /^(?:lid:\s*(\d{1,20})|(\d{1,20})@lid)$/i
const LID = /^lid:(\d{1,20})$/
/** Two letters of a country, `ENT.` where it is a company's, and what stands for the person. Its capitals count. Source: Meta, `business-scoped-user-ids`. */
const BUSINESS = /^bsuid:([A-Z]{2}\.(?:ENT\.)?[\dA-Za-z]{1,128})$/

const NO_ENTRIES: readonly string[] = []

type Ids = Pick<SenderIdentity, 'lid' | 'businessId' | 'parentId'>

/**
 * The entry of a list that names a person by an id of WhatsApp's, for people whose number it hides: `lid:<digits>` (also read from the address
 * `<digits>@lid`), or `bsuid:<id>`, their id for a business or its company. `null` for every other text. An id is never compared with a number.
 */
export function readIdEntry(text: string | number): string | null {
  if (typeof text !== 'string') return null
  const written = text.trim()
  const [, named, addressed] = LID_NOTATION.exec(written) ?? []
  const digits = named ?? addressed
  if (digits !== undefined) return lidEntry(digits)
  const entry = written.replace(/^bsuid:\s*/i, 'bsuid:')
  return BUSINESS.test(entry) ? entry : null
}

/** Whether an entry, as `readIdEntry` gives it, is an id. */
export function isIdEntry(entry: string): boolean {
  return LID.test(entry) || BUSINESS.test(entry)
}

/** The entries by which a list may name this person by an id. */
export function idEntriesOf({ lid, businessId, parentId }: Ids): readonly string[] {
  // Of most people none is known, and every message asks.
  if (lid === undefined && businessId === undefined && parentId === undefined) return NO_ENTRIES
  const entries = lid === undefined ? [] : [lidEntry(lid.value)]
  for (const id of [businessId, parentId]) if (id !== undefined) entries.push(businessEntry(id.value))
  return entries
}

/** What is known of the person of an entry that is an id; nothing for another entry. */
export function idsOfEntry(entry: string): Ids {
  const lid = lidOfEntry(entry)
  if (lid !== null) return { lid: { value: lid, proof: 'address' } }
  const value = businessIdOfEntry(entry)
  return value === null ? {} : { businessId: { value, proof: 'address' } }
}

/** The entry for a person with this LID, digits. */
function lidEntry(digits: string): string {
  return `lid:${digits}`
}

/** The entry for a person with this id for a business; it is also their address there. */
export function businessEntry(id: string): string {
  return `bsuid:${id}`
}

/** How WhatsApp's addresses name the person of an entry that is an id; `null` for another text. */
export function addressOfIdEntry(entry: string): string | null {
  const digits = lidOfEntry(entry)
  if (digits !== null) return `${digits}@lid`
  return BUSINESS.test(entry) ? entry : null
}

/** The digits of an entry that is a LID; `null` for another entry. */
export function lidOfEntry(entry: string): string | null {
  return LID.exec(entry)?.[1] ?? null
}

/** The id of an entry that names one for a business; `null` for another entry. */
export function businessIdOfEntry(entry: string): string | null {
  return BUSINESS.exec(entry)?.[1] ?? null
}
