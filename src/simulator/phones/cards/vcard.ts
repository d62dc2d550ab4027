import type { CardPerson } from './card.ts'

/** A vCard as WhatsApp's apps write it: `waid` is the number without its plus. */
export function vcardOf({ name, phoneNumbers, emails = [], organisation }: CardPerson): string {
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped(name)};;;`,
    `FN:${escaped(name)}`,
    ...(organisation === undefined ? [] : [`ORG:${escaped(organisation)};`]),
    ...phoneNumbers.map((number) => `TEL;type=CELL;type=VOICE;waid=${number.replace('+', '')}:${number}`),
    ...emails.map((email) => `EMAIL;type=INTERNET:${escaped(email)}`),
    'END:VCARD',
  ].join('\n')
}

/** What a phone shows of a vCard. */
export function readVcard(vcard: string): CardPerson {
  const lines = vcard.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  const valuesOf = (property: string): string[] =>
    lines
      .filter((line) => new RegExp(`^(?:item\\d+\\.)?${property}[;:]`, 'i').test(line))
      .map((line) => plain(line.slice(line.indexOf(':') + 1)))
  const [organisation] = valuesOf('ORG').map((value) => value.replace(/;+$/, ''))
  return {
    name: valuesOf('FN')[0] ?? '',
    phoneNumbers: valuesOf('TEL'),
    emails: valuesOf('EMAIL'),
    ...(organisation === undefined ? {} : { organisation }),
  }
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n')
}

function plain(text: string): string {
  return text.replace(/\\n/gi, '\n').replace(/\\([\\;,])/g, '$1')
}
