import { expect, test } from 'vitest'
import { whatsAppText } from '../../../../src/web/demo/whatsapp-text.ts'

/** The markup of a Lit template; enough of it to read. */
function markup(value: unknown): string {
  if (Array.isArray(value)) return value.map(markup).join('')
  if (typeof value === 'string') return value.replaceAll('<', '&lt;')
  if (typeof value !== 'object' || value === null || !('strings' in value) || !('values' in value)) return ''
  const { strings, values } = value as { strings: string[]; values: unknown[] }
  return strings.map((text, index) => text + markup(values[index])).join('')
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

test('a text of nothing but marks ends', () => {
  const marks = '*'.repeat(60_000)
  expect(markup(whatsAppText(marks))).toBe(line(marks))
})
