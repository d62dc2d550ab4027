import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkText } from '../../../../src/text/chunk.ts'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'
import { readMarkdown } from './read-markdown.ts'
import { addSpan, readWhatsApp, type Shown } from './read-whatsapp.ts'

const RUNS = Number(process.env['RUNS'] ?? 300)
const word = fc.constantFrom(
  'one',
  'two',
  'ümlaut',
  'it’s',
  '1.5',
  'שלום',
  'مرحبا',
  '👩‍🚀',
  '🇩🇪',
  '你好',
  '서울',
  'end.',
  'why?',
  '(so)',
  'e\u0301t',
)
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((each) => each.join(' '))
const spaceless = fc
  .array(fc.constantFrom('你好', '世界', '重点', '再见', '「引用」', '。', '，'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((each) => `世${each.join('')}`)
const code = fc.constantFrom(
  'x',
  'a_b_c',
  '**no**',
  'List<String>',
  'a < b',
  '<p>',
  '\\n',
  'x * y * z',
  '~/bin',
  'ls -la | wc',
)
const address = fc.constantFrom('https://example.com/a_b_c', 'https://example.com/~u/(x)')

/** A piece of a line. Marks never stand within the same marks, which Markdown reads in another way. */
const { inline } = fc.letrec<{ inline: string }>((tie) => ({
  inline: fc.oneof(
    { maxDepth: 3 },
    words,
    code.map((text) => `\`${text}\``),
    address,
    fc.tuple(words, address).map(([text, href]) => `[${text}](<${href}>)`),
    tie('inline')
      .filter((text) => !/\*|_$/.test(text))
      .map((text) => `**${text}**`),
    tie('inline')
      .filter((text) => !/\*|_/.test(text))
      .map((text) => `*${text}*`),
    tie('inline')
      .filter((text) => !/\*|_/.test(text))
      .map((text) => `_${text}_`),
    fc
      .tuple(words, fc.constantFrom(':*', '*:', '：*', '*：'), words)
      .map(([name, end, text]) => `*${name}${end} ${text}`),
    words.map((text) => `~${text}~`),
    tie('inline')
      .filter((text) => !/~/.test(text))
      .map((text) => `~~${text}~~`),
    fc.tuple(words, tie('inline')).map(([first, second]) => `${first} ${second}`),
  ),
}))
/** Marks beside letters, as in scripts without spaces: pieces with their marks. */
const dense = fc
  .array(fc.tuple(spaceless, fc.constantFrom('', '**', '*', '~~')), { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.flatMap((piece): [string, string][] => [['界', ''], piece]))
const written = (pieces: readonly [string, string][]): string =>
  pieces.map(([text, mark]) => mark + text + mark).join('')
const line = fc.oneof(inline, inline, words).map((text) => text.replaceAll(/^([-+>#]|\d+[.)])/g, 'a $1'))
const paragraph = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'))
const codeLine = fc.constantFrom(
  'const a = 1',
  '  def __init__(self):',
  '',
  'x * y',
  '\tindented **no**',
  '# no heading',
  '<p>',
  '- no item',
)
const fence = fc
  .tuple(fc.array(codeLine, { minLength: 1, maxLength: 8 }), fc.constantFrom('```', '~~~', '````js'))
  .map(([lines, mark]) => `${mark}\n${lines.join('\n')}\n${mark.replace('js', '')}`)

const indented = (text: string, by: string): string => text.replaceAll(/\n(?=.)/g, `\n${by}`)
const { blocks } = fc.letrec<{ block: string; blocks: string; item: string }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    line,
    fc.tuple(line, tie('block')).map(([first, second]) => `${first}\n\n${second}`),
  ),
  block: fc.oneof(
    { maxDepth: 3 },
    paragraph,
    fence,
    line.map((text) => `## ${text}`),
    fc
      .array(tie('item'), { minLength: 1, maxLength: 4 })
      .map((items) => items.map((item) => `- ${indented(item, '  ')}`).join('\n')),
    fc
      .tuple(
        fc.array(tie('item'), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 97 }),
        fc.constantFrom('.', ')'),
      )
      .map(([items, start, mark]) =>
        items
          .map(
            (item, index) =>
              `${start + index}${mark} ${indented(item, ' '.repeat(String(start + index).length + 2))}`,
          )
          .join('\n'),
      ),
  ),
  blocks: fc
    .array(
      fc.oneof(
        tie('block'),
        tie('block'),
        paragraph.map((text) => text.replaceAll(/^/gm, '> ')),
        fc.constant('* * *'),
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((each) => each.join('\n\n')),
}))

describe('what WhatsApp shows is what the tree of the parser says', () => {
  it('the same words in bold, italic, struck out and as code, the same code, and the same lists', () => {
    fc.assert(
      fc.property(blocks, (markdown) => {
        expect(readWhatsApp(formatMarkdown(markdown).text)).toEqual(readMarkdown(markdown))
      }),
      { numRuns: RUNS },
    )
  })

  it('in scripts without spaces, too', () => {
    fc.assert(
      fc.property(dense, (pieces) => {
        const looks: Record<string, string> = { '**': 'bold', '*': 'italic', '~~': 'strike' }
        const spans: Shown['spans'] = []
        for (const [text, mark] of pieces) addSpan(spans, text, looks[mark] ?? '')
        expect(readWhatsApp(formatMarkdown(written(pieces)).text).spans).toEqual(spans)
      }),
      { numRuns: RUNS },
    )
  })

  it('in every message that it is cut into, each read by itself', () => {
    const limits = fc.integer({ min: 40, max: 200 })
    const text = fc.array(word, { minLength: 8, maxLength: 30 }).map((each) => each.join(' '))
    const mark = fc.constantFrom('**', '*', '~~', '> ', '- ')
    const long = fc
      .array(fc.tuple(mark, text), { minLength: 1, maxLength: 3 })
      .map((each) =>
        each.map(([by, words]) => (by.endsWith(' ') ? by + words : by + words + by)).join('\n\n'),
      )
    fc.assert(
      fc.property(
        fc.oneof(blocks, dense.map(written), long),
        limits,
        fc.constantFrom('length', 'newline'),
        (markdown, limit, mode) => {
          const formatted = formatMarkdown(markdown)
          const chunks = chunkText(formatted, limit, mode)
          const whole = readWhatsApp(formatted.text)
          const read = chunks.map(readWhatsApp)
          for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(limit)
          const spans: Shown['spans'] = []
          for (const [text, look] of read.flatMap((each) => each.spans)) addSpan(spans, text, look)
          expect(spans).toEqual(whole.spans)
          const compact = (each: Shown): string => each.code.join('\n').replaceAll(/\s/g, '')
          expect(read.map(compact).join('')).toBe(compact(whole))
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('no word is lost, whatever marks stand around it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '_',
        '~~',
        '`',
        '``',
        '[',
        ']',
        '(',
        ')',
        '](',
        '\\',
        '#',
        '\n',
        '\n\n',
        ' ',
        '|',
        '> ',
        '- ',
        '1. ',
        '    ',
        '$',
        '$$',
        '\\(',
        '\\]',
        '{',
        '"',
      ),
      fc.integer({ min: 0, max: 9 }).map((digit) => `w${String.fromCodePoint(97 + digit)}`),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const letters = (text: string): string => text.replaceAll(/[^a-z]/g, '')
        const markdown = pieces.join('').replaceAll(/~{3,}|`{3,}/g, '')
        expect(letters(formatMarkdown(markdown).text)).toBe(letters(markdown))
      }),
      { numRuns: RUNS * 3 },
    )
  })
})
