import { expect, test } from 'vitest'
import { whatsAppText } from '../../../../src/web/elements/whatsapp-text.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

/** The markup of a Lit template; enough of it to read. */
function markup(value: unknown): string {
  if (Array.isArray(value)) return value.map(markup).join('')
  if (typeof value === 'string') return value.replaceAll('<', '&lt;')
  if (typeof value !== 'object' || value === null || !('strings' in value) || !('values' in value)) return ''
  const { strings, values } = value as { strings: string[]; values: unknown[] }
  // A tag may go on in the next line of the source.
  return strings.map((text, index) => text.replaceAll(/\n\s*(?=>)/g, '') + markup(values[index])).join('')
}

const line = (inside: string): string => `<span class="line">${inside}</span>`

test.each([
  ['plain', line('plain')],
  ['*bold* and _italic_', line('<strong>bold</strong> and <em>italic</em>')],
  ['*_both_*', line('<strong><em>both</em></strong>')],
  ['~old~ `*x*`', line('<s>old</s> <code>*x*</code>')],
  ['2*3*4, a_b_c and * no *', line('2*3*4, a_b_c and * no *')],
  ['*open', line('*open')],
  ['> said', '<span class="line quoted">said</span>'],
  ['- one', '<span class="line item"><span class="mark">•</span><span>one</span></span>'],
  ['  - in it', '<span class="line item"><span class="mark">  •</span><span>in it</span></span>'],
  ['12. two', '<span class="line item"><span class="mark">12.</span><span>two</span></span>'],
  ['a\n```\n*x*\ny\n```\nb', `${line('a')}<code class="block">*x*\ny</code>${line('b')}`],
  ['a\n\nb', `${line('a')}${line('')}${line('b')}`],
  ['<b>*<i>*</b>', line('&lt;b><strong>&lt;i></strong>&lt;/b>')],
])('%j is shown as on a phone', (text, expected) => {
  expect(markup(whatsAppText(text))).toBe(expected)
})

test.each([
  ['see https://a.example/x_y_z.', 'https://a.example/x_y_z', 'see ', '.'],
  ['(https://a.example/b_(c))', 'https://a.example/b_(c)', '(', ')'],
  ['*https://a.example*', 'https://a.example', '<strong>', '</strong>'],
  ['http://a.example:80/?q=1!', 'http://a.example:80/?q=1', '', '!'],
])('%j has a link that hands nothing of the page on', (text, address, before, after) => {
  const link = `<a href=${new URL(address).href} target="_blank" rel="noopener noreferrer nofollow">${address}</a>`
  expect(markup(whatsAppText(text))).toBe(line(`${before}${link}${after}`))
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'whatsapp://send',
  'xhttps://a.example',
  'https://',
  '`https://a.example`',
])('%j has no link', (text) => {
  expect(markup(whatsAppText(text))).not.toContain('<a')
})

test('what turns the direction of writing is not part of an address', () => {
  expect(markup(whatsAppText('https://a.example/\u202Egpj.exe'))).toContain(
    '>https://a.example/</a>\u202Egpj.exe',
  )
})

test('many addresses and brackets end', () => {
  expect(markup(whatsAppText(`https://a.example/${')'.repeat(20_000)}`))).toContain('<a')
})

test('a text of nothing but marks ends', () => {
  const marks = '*'.repeat(60_000)
  expect(markup(whatsAppText(marks))).toBe(line(marks))
})

test('many beginnings of addresses in front of many dots are read in one go', () =>
  // Each beginning once read all of the text behind it, and that from each dot on: 8,000 characters took seconds at every redraw.
  expectLinearGrowth(
    (count) => {
      const text = `${'(http://['.repeat(count)}${'.'.repeat(11 * count)}x`
      expect(markup(whatsAppText(text))).toBe(line(text))
    },
    400,
    500,
  ))

test('an address that is none does not hide the one behind it', () => {
  expect(markup(whatsAppText('http://[ and https://a.example'))).toContain('>https://a.example</a>')
})
