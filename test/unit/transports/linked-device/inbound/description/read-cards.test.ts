import { beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  loadCardReader,
  readCards,
} from '../../../../../../src/transports/linked-device/inbound/description/read-cards.ts'
import { expectLinearGrowth } from '../../../../../support/grows-linearly.ts'

const card = (...lines: string[]): string => ['BEGIN:VCARD', ...lines, 'END:VCARD'].join('\r\n')

beforeAll(() => loadCardReader(Buffer.from('...BEGIN:VCARD...')))

describe('readCards', () => {
  it('reads a card as WhatsApp writes it', () => {
    const text = card(
      'VERSION:3.0',
      'N:Lovelace;Ada;;;',
      'FN:Ada Lovelace',
      'item1.TEL;waid=15550001111:+1 555-000-1111',
      'item1.X-ABLabel:Mobile',
      'TEL;type=WORK:030 123',
      'EMAIL;type=INTERNET:ada@example.org',
      'ORG:Analytical\\, Engines;Research',
      'PHOTO;BASE64:AAAA',
    )
    expect(readCards(text)).toEqual([
      {
        name: 'Ada Lovelace',
        numbers: [
          { phoneNumber: '+15550001111', written: '+1 555-000-1111' },
          { phoneNumber: null, written: '030 123' },
        ],
        emails: ['ada@example.org'],
        organisation: 'Analytical, Engines Research',
      },
    ])
  })

  it.each<[string, string[], string | null]>([
    ['a folded line', ['FN:Ada Love', ' lace'], 'Ada Lovelace'],
    ['vCard 2.1 in quoted-printable', ['FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg'], 'Jörg'],
    ['a soft line break in it', ['FN;ENCODING=QUOTED-PRINTABLE:J=C3=', '=B6rg'], 'Jörg'],
    ['another charset', ['FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:J=F6rg'], 'Jörg'],
    ['an unknown charset', ['FN;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg'], 'Jörg'],
    ['no full name', ['N:Lovelace;Ada;Byron;;'], 'Ada Byron Lovelace'],
    ['a company alone', ['ORG:Acme'], 'Acme'],
    ['escaped signs', ['FN:a\\;b\\,c'], 'a;b,c'],
    ['a colon in quotation marks', ['FN;X="a:b":Ada'], 'Ada'],
    ['nothing', ['TEL:1'], null],
  ])('reads a name: %s', (_what, lines, name) => {
    expect(readCards(card(...lines))[0]?.name).toBe(name)
  })

  it.each([
    ['TEL;CELL;PREF:123', { phoneNumber: null, written: '123' }],
    ['TEL;VALUE=uri:tel:+49-30-1', { phoneNumber: null, written: '+49-30-1' }],
    ['TEL;WAID=4930123456:123', { phoneNumber: '+4930123456', written: '123' }],
    ['TEL;waid=1:123', { phoneNumber: null, written: '123' }],
    ['TEL;waid=15550001111@x:123', { phoneNumber: null, written: '123' }],
  ])('reads a number: %s', (line, expected) => {
    expect(readCards(card(line))[0]?.numbers).toEqual([expected])
  })

  it('reads several cards, of which one is broken', () => {
    const text = `${card('FN:A')}\n${card('FN;=;"x', 'TEL:1')}\n${card('FN:C')}`
    expect(readCards(text).map(({ name }) => name)).toEqual(['A', null, 'C'])
  })

  it('is bounded, however many cards, lines and values there are', () => {
    expect(readCards(card('FN:A').concat('\n').repeat(500))).toHaveLength(50)
    const [crowded] = readCards(card(...Array.from({ length: 150 }, (_each, index) => `TEL:${index}`)))
    expect(crowded?.numbers).toHaveLength(20)
    const [long] = readCards(card(`FN:${'x'.repeat(100_000)}`))
    expect(long?.name?.length).toBeLessThan(4_001)
  })

  it.each<[string, (length: number) => string]>([
    ['folds', (length) => `FN:a\r\n${' =\r\n'.repeat(length / 4)}`],
    ['colons in quotation marks', (length) => `FN;X="${':"'.repeat(length / 2)}`],
    ['blank lines', (length) => '\n'.repeat(length)],
    ['parameters', (length) => `FN${';'.repeat(length)}:a`],
    ['soft breaks', (length) => `FN;QUOTED-PRINTABLE:${'=\r\n'.repeat(length / 3)}`],
    ['values', (length) => `ORG:${';'.repeat(length)}`],
  ])('needs no long time for %s', (_what, lines) =>
    expectLinearGrowth((length) => readCards(card(lines(length))), 200_000),
  )

  it('never throws', () => {
    const name = fc.constantFrom('FN', 'N', 'TEL', 'EMAIL', 'ORG', 'a.TEL', 'begin', 'END')
    const line = fc
      .tuple(name, fc.string(), fc.string())
      .map(([kind, before, behind]) => `${kind};${before}:${behind}`)
    fc.assert(fc.property(fc.array(line), (lines) => readCards(card(...lines)).length >= 0))
  })
})
