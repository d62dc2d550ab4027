import type ICAL from 'ical.js'

/** Of all cards of a contact together, in UTF-16 code units: WhatsApp's own have a picture of a few thousand in them. */
const MAX_LENGTH = 200_000
const MAX_CARDS = 50
/** Lines of one card that are looked at. */
const MAX_LINES = 200
const MAX_LINE_LENGTH = 4_000
/** Numbers, and addresses, of one card. */
const MAX_VALUES = 20
const BEGIN = /begin:vcard/i
const ENCODINGS = /^(?:quoted-printable|base64|[78]bit)$/i
/** What is read of a card; pictures and keys are not even parsed. */
const READ = /^(?:[\w-]+\.)?(fn|n|tel|email|org|nickname)(?=[;:])/i
const QUOTED_PRINTABLE = /;(?:encoding=)?quoted-printable[;:]/i
/** A number as WhatsApp's servers know it, without its plus. */
const WHATSAPP_ID = /^\d{7,15}$/

export interface ContactCard {
  name: string | null
  /** `phoneNumber`: in E.164, where the card says under which number WhatsApp knows it. */
  numbers: { phoneNumber: string | null; written: string }[]
  emails: string[]
  organisation: string | null
}

let reader: typeof ICAL | null = null

/** Loads what `readCards` reads with, where a decrypted message has a card in it: most accounts never see one. */
export async function loadCardReader(plaintext: Uint8Array): Promise<void> {
  if (reader !== null || !BEGIN.test(Buffer.from(plaintext).toString('latin1'))) return
  reader = (await import('ical.js')).default
}

/**
 * The cards in a vCard of any version, in its order; at most fifty. What of it cannot be read is left out, and everything where
 * `loadCardReader` saw no card. Never throws.
 */
export function readCards(vcard: string): ContactCard[] {
  if (reader === null) return []
  const ical = reader
  return vcard
    .slice(0, MAX_LENGTH)
    .split(/^[ \t]*begin:vcard[ \t]*$/im)
    .slice(1, MAX_CARDS + 1)
    .map((card) => readCard(ical, card.split(/^[ \t]*end:vcard/im)[0] ?? ''))
}

function readCard(ical: typeof ICAL, text: string): ContactCard {
  const card: ContactCard = { name: null, numbers: [], emails: [], organisation: null }
  const names: Record<string, string | undefined> = {}
  for (const line of unfolded(text)) {
    const kind = READ.exec(line)?.[1]?.toLowerCase()
    if (kind === undefined) continue
    const value = readLine(ical, line)
    if (value === null || value.text === '') continue
    const { text: read, whatsAppId } = value
    if (kind === 'tel') {
      const phoneNumber = WHATSAPP_ID.test(whatsAppId) ? `+${whatsAppId}` : null
      if (card.numbers.length < MAX_VALUES)
        card.numbers.push({ phoneNumber, written: read.replace(/^tel:/i, '') })
    } else if (kind === 'email') {
      if (card.emails.length < MAX_VALUES) card.emails.push(read)
    } else if (kind === 'org') card.organisation ??= read
    else names[kind] ??= read
  }
  card.name = names['fn'] ?? names['n'] ?? names['nickname'] ?? card.organisation
  return card
}

/** Logical lines: those that are folded, and those that quoted-printable goes on with behind `=`, as one. */
function unfolded(text: string): string[] {
  const lines: string[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const last = lines.at(-1)
    const isSoft = last !== undefined && last.endsWith('=') && QUOTED_PRINTABLE.test(last)
    const isFolded = isSoft || /^[ \t]/.test(line)
    if (last !== undefined && isFolded) {
      const whole = isSoft ? last.slice(0, -1) + line : last + line.slice(1)
      if (last.length < MAX_LINE_LENGTH) lines[lines.length - 1] = whole.slice(0, MAX_LINE_LENGTH)
    } else if (lines.length === MAX_LINES) break
    else lines.push(line.slice(0, MAX_LINE_LENGTH))
  }
  return lines
}

/** `null` where the line is none of a vCard. */
function readLine(ical: typeof ICAL, line: string): { text: string; whatsAppId: string } | null {
  try {
    const property = ical.Property.fromString(modern(line), ical.design.vcard)
    const read = property.getValues().flat().map(String)
    const parts = property.name === 'n' ? inOrder(read) : read
    const isQuoted = property.getFirstParameter('encoding')?.toLowerCase() === 'quoted-printable'
    const charset = property.getFirstParameter('charset') ?? 'utf-8'
    const text = parts
      // Only where a value has parts, the library takes the backslash away.
      .map((part) => part.replaceAll('\\;', ';').trim())
      .filter((part) => part !== '')
      .join(' ')
    return {
      text: isQuoted ? decodeQuotedPrintable(text, charset) : text,
      whatsAppId: property.getFirstParameter('waid') ?? '',
    }
  } catch {
    return null
  }
}

/** A name is kept with the family's first. */
function inOrder([family = '', given = '', ...more]: string[]): string[] {
  return [given, ...more.slice(0, 1), family]
}

/** Without the group before the name, and with the parameters of vCard 2.1, which have no name, under one. */
function modern(line: string): string {
  const end = endOfParameters(line)
  const [name = '', ...parameters] = line.slice(0, end).split(';')
  const named = parameters
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      if (parameter.includes('=')) return parameter
      return `${ENCODINGS.test(parameter) ? 'ENCODING' : 'TYPE'}=${parameter}`
    })
  return [name.replace(/^[\w-]+\./, ''), ...named].join(';') + line.slice(end)
}

/** Where the first colon is that stands in no quotation marks. */
function endOfParameters(line: string): number {
  let isQuoted = false
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '"') isQuoted = !isQuoted
    else if (line[index] === ':' && !isQuoted) return index
  }
  return line.length
}

function decodeQuotedPrintable(text: string, charset: string): string {
  // Some say that they encode, and do not.
  if (/[^\0-\xff]/.test(text)) return text
  const bytes = Buffer.from(
    text.replaceAll(/=([0-9a-f]{2})/gi, (_whole, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  )
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}
