import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toWhatsAppText } from '../../../src/text/format.ts'

const ROWS: [string, string][] = [
  ['**bold**', '*bold*'],
  ['__bold__', '*bold*'],
  ['*italic*', '_italic_'],
  ['_italic_', '_italic_'],
  ['***both***', '*_both_*'],
  ['**bold with *italic* inside**', '*bold with _italic_ inside*'],
  ['~~gone~~', '~gone~'],
  ['a **b** and **c**, _d_.', 'a *b* and *c*, _d_.'],
  ['`**code**` and **bold**', '`**code**` and *bold*'],
  ['``a ` b`` **x**', '``a ` b`` *x*'],
  ['# Title', '*Title*'],
  ['### **Bold title** ###', '*Bold title*'],
  ['#hashtag', '#hashtag'],
  ['* item', '- item'],
  ['  + **item**', '  - *item*'],
  ['- item', '- item'],
  ['1. first', '1. first'],
  ['> quoted **word**', '> quoted *word*'],
  ['***', '---'],
  ['[docs](https://example.com/a_b_c)', 'docs (https://example.com/a_b_c)'],
  ['[**docs**](https://example.com)', '**docs** (https://example.com)'],
  ['[https://example.com](https://example.com)', 'https://example.com'],
  ['[wiki](https://en.example.org/wiki/A_(b))', 'wiki (https://en.example.org/wiki/A_(b))'],
  ['![a cat](https://example.com/cat.png "title")', 'a cat (https://example.com/cat.png)'],
  ['<https://example.com/x>', 'https://example.com/x'],
  [
    'https://example.com/some_path_with_underscores/*x*',
    'https://example.com/some_path_with_underscores/*x*',
  ],
  ['**see https://example.com/a_b**', '*see https://example.com/a_b*'],
  ['snake_case_name and file_name_x.py', 'snake_case_name and file_name_x.py'],
  ['2*3*4 and 2 * 3 * 4', '2*3*4 and 2 * 3 * 4'],
  ['5 ** 2', '5 ** 2'],
  ['这是**重点**内容', '这是*重点*内容'],
  [String.raw`\*not italic\*`, '*not italic*'],
  ['**never closed', '**never closed'],
  ['one<br>two', 'one\ntwo'],
  ['a\r\nb', 'a\nb'],
]

describe('toWhatsAppText', () => {
  it.each(ROWS)('%j → %j', (markdown, expected) => {
    expect(toWhatsAppText(markdown)).toBe(expected)
  })

  it('does not touch code in fences and drops the language', () => {
    const code = '# no heading\n**no bold** `x` * y\n  _z_'
    expect(toWhatsAppText(`**a**\n\`\`\`python\n${code}\n\`\`\`\n**b**`)).toBe(
      `*a*\n\`\`\`\n${code}\n\`\`\`\n*b*`,
    )
    expect(toWhatsAppText(`~~~\n${code}\n~~~`)).toBe(`\`\`\`\n${code}\n\`\`\``)
  })

  it('leaves text without marks unchanged', () => {
    const plain = fc.stringMatching(/^[\p{L}\p{N} ,.;:?"'()/=@%&$€-]{0,80}$/u)
    const property = fc.property(plain, (text) => {
      fc.pre(!/https?:|^\s*[-=]/.test(text))
      expect(toWhatsAppText(text)).toBe(text)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('never throws, never tears a character, never grows without measure, and keeps fenced code', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '_',
        '__',
        '~~',
        '`',
        '[',
        '](',
        ')',
        '<',
        '>',
        '\\',
        '#',
        '\n',
        ' ',
        'a',
        '🙂',
        'https://a.b',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    )
    const property = fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
      const text = pieces.join('')
      const formatted = toWhatsAppText(text)
      expect(formatted).not.toMatch(/\p{Surrogate}/u)
      expect(formatted.length).toBeLessThanOrEqual(text.length * 2 + 2)
      const code = text.replaceAll('`', '').replaceAll('~', '').replaceAll('\r', '')
      expect(toWhatsAppText(`\`\`\`\n${code}\n\`\`\``)).toBe(`\`\`\`\n${code}\n\`\`\``)
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  it.each(['*', '**', '**a ', '*a', '`a``b', '[', '[a](', '<', '_a **b ', String.raw`\*`])(
    'stays fast on a long line of %j',
    (unit) => {
      const started = performance.now()
      toWhatsAppText(unit.repeat(Math.ceil(60_000 / unit.length)))
      expect(performance.now() - started).toBeLessThan(2_000)
    },
  )
})
