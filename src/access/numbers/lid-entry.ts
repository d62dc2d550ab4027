const NOTATION = /^(?:lid:\s*(\d{1,20})|(\d{1,20})@lid)$/i
const ENTRY = /^lid:(\d{1,20})$/

/**
 * The entry of a list, `lid:<digits>`, that names a person by WhatsApp's own id: for people whose number WhatsApp hides. Also read from
 * the address of such a person (`<digits>@lid`); `null` for every other text. An id is never compared with a number.
 */
export function readLidEntry(text: string | number): string | null {
  if (typeof text !== 'string') return null
  const [, named, addressed] = NOTATION.exec(text.trim()) ?? []
  const digits = named ?? addressed
  return digits === undefined ? null : lidEntry(digits)
}

/** The entry for a person with this LID, digits. */
export function lidEntry(digits: string): string {
  return `lid:${digits}`
}

/** The digits of an entry that is a LID; `null` for another entry. */
export function lidOfEntry(entry: string): string | null {
  return ENTRY.exec(entry)?.[1] ?? null
}
