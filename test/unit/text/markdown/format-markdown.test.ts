import * as fc from 'fast-check'
import createMarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'

function toWhatsAppText(markdown: string): string {
  return formatMarkdown(markdown).text
}

const ROWS: [string, string][] = [
  ['**bold**', '*bold*'],
  ['__bold__', '*bold*'],
  ['*italic*', '_italic_'],
  ['_italic_', '_italic_'],
  ['***both***', '*_both_*'],
  ['**_both_** _**both**_', '*_both_* *_both_*'],
  ['**bold with *italic* inside**', '*bold with _italic_ inside*'],
  ['**a __b__ c**', '*a b c*'],
  ['~~gone~~', '~gone~'],
  ['a **b** and **c**, _d_.', 'a *b* and *c*, _d_.'],
  ['**two\nlines**', '*two*\n*lines*'],
  ['`**code**` and **bold**', '`**code**` and *bold*'],
  ['``a ` b`` **x**', '```a ` b``` *x*'],
  ['# Title', '*Title*'],
  ['### **Bold title** ###', '*Bold title*'],
  ['Title\n=====\n\ntext', '*Title*\n\ntext'],
  ['#hashtag', '#hashtag'],
  ['* item', '- item'],
  ['  + **item**', '- *item*'],
  ['- item\n  - nested', '- item\n  - nested'],
  ['1. first', '1. first'],
  ['1. a\n1. b\n1. c', '1. a\n2. b\n3. c'],
  ['3) a\n7) b', '3) a\n7) b'],
  ['1. a\n\n   more\n\n2. b', '1. a\n\n   more\n\n2. b'],
  ['- 1. both', '- 1. both'],
  ['> quoted **word**', '> quoted *word*'],
  ['> one\n>\n> two\n> > three', '> one\n> two\n> three'],
  ['- a\n  > q', '- a\n> q'],
  ['***', '---'],
  ['[docs](https://example.com/a_b_c)', 'docs (https://example.com/a_b_c)'],
  ['[**docs**](https://example.com)', '*docs* (https://example.com)'],
  ['[https://example.com](https://example.com)', 'https://example.com'],
  ['[example.com](https://example.com/)', 'example.com'],
  ['[me@example.com](mailto:me@example.com)', 'me@example.com'],
  ['[top](#top)', 'top'],
  ['[wiki](https://en.example.org/wiki/A_(b))', 'wiki (https://en.example.org/wiki/A_(b))'],
  ['![a cat](https://example.com/cat.png "title")', 'a cat (https://example.com/cat.png)'],
  ['<https://example.com/x>', 'https://example.com/x'],
  ['[text][1]\n\n[1]: https://example.com', '[text][1]\n\n[1]: https://example.com'],
  [
    'https://example.com/some_path_with_underscores/*x*',
    'https://example.com/some_path_with_underscores/*x*',
  ],
  ['**see https://example.com/a_b**', '*see https://example.com/a_b*'],
  [
    'Open **https://example.com/docs**, then press **Save**.',
    'Open *https://example.com/docs*, then press *Save*.',
  ],
  ['看**https://example.com**。再见', '看https://example.com。再见'],
  ['(https://example.com/a_(b)_c) *x*', '(https://example.com/a_(b)_c) _x_'],
  ['snake_case_name and file_name_x.py', 'snake_case_name and file_name_x.py'],
  ['2*3*4 and 2 * 3 * 4', '2*3*4 and 2 * 3 * 4'],
  ['x**2 + y**2 and a**b + c**d', 'x**2 + y**2 and a**b + c**d'],
  ['5 ** 2', '5 ** 2'],
  ['def __init__(self) in __init__.py: obj.__class__', 'def __init__(self) in __init__.py: obj.__class__'],
  ['__one__, __two__.', '*one*, *two*.'],
  [String.raw`\*not italic\*`, '*not italic*'],
  ['**never closed', '**never closed'],
  ['one<br>two', 'one\ntwo'],
  ['a\r\nb', 'a\nb'],
  ['AT&amp;T &lt;x&gt;', 'AT&T <x>'],
  // Where words run on outside of the marks, WhatsApp shows marks: there are none.
  ['**서울**은 좋다', '서울은 좋다'],
  ['나는 **서울** 에', '나는 *서울* 에'],
  ['**社区显示：**Fable 与 **有效**', '社区显示：Fable 与 *有效*'],
  ['这是**重点**内容', '这是重点内容'],
  ['- **名称**：说明', '- *名称*：说明'],
  ['重点**「引用」**后', '重点「引用」后'],
  ['un**believ**able', 'unbelievable'],
  ['**Note:**text', 'Note:text'],
  ['⚠️**Warning:** hot', '⚠️*Warning:* hot'],
  ['(**a**) "**b**" **c**\'s **d**…', '(*a*) "*b*" *c*\'s *d*…'],
  // A star inside would end bold there.
  [String.raw`**5\* hotel** **x**`, '5* hotel *x*'],
]

const MARKUP: [string, string][] = [
  ['<p>Hello <b>world</b></p>', 'Hello *world*'],
  ['<p>one</p><p>two</p>', 'one\ntwo'],
  ['<P>one</P>\n<DIV>two</DIV>', 'one\ntwo'],
  ['<h2>Title</h2>text', '*Title*\ntext'],
  ['<ul>\n<li>one</li>\n<li>two</li>\n</ul>', '- one\n- two'],
  ['<a href="https://example.com">docs</a>', 'docs (https://example.com)'],
  ['<img src="https://example.com/a.png" alt="a cat">', 'a cat (https://example.com/a.png)'],
  ['run <code>x_y_z</code> and <kbd>Ctrl</kbd>', 'run `x_y_z` and `Ctrl`'],
  ['a <span style="color:red">red</span> word', 'a red word'],
  ['<script>\nalert("x")\n\nmore()\n</script>\nText', 'Text'],
  ['a<script>alert(1)</script>b', 'ab'],
  ['<SCRIPT>\nalert("x")\n\nmore()\n</SCRIPT>\nText', 'Text'],
  ['Text <script> alert(1) </script> more', 'Text  more'],
  ['<style>p { color: red }</style>\n\nText', 'Text'],
  ['<tool_call>\n{"name": "look", "arguments": {}}\n\n</tool_call>\n\nDone.', 'Done.'],
  ['Done. <tool_call>{"name": "look"}</tool_call>', 'Done.'],
  ['<function_calls>\nsomething', ''],
  ['<!-- begins a comment:\n\nmore text', '<!-- begins a comment:\n\nmore text'],
  ['<script>\nis a tag.\n\nMore.', 'is a tag.\n\nMore.'],
  ['- item\n  <tool_call>{}</tool_call>\n- more', '- item\n- more'],
  ['<!-- a note\n\nfor nobody -->\nText <!-- more --> end', 'Text  end'],
  // Text in angle brackets.
  ['Dear <your-name>, write to <address of a friend>', 'Dear <your-name>, write to <address of a friend>'],
  ['a < b and c > d', 'a < b and c > d'],
  [
    'List<String>, Map<String, List<Object>>, vector<b>',
    'List<String>, Map<String, List<Object>>, vector<b>',
  ],
  [
    'Put your CSS between <style> and </style> in the head.',
    'Put your CSS between <style> and </style> in the head.',
  ],
  ['Use the <p> tag, or <script>.', 'Use the <p> tag, or <script>.'],
  ['`<p>` and `<script>`', '`<p>` and `<script>`'],
  ['```\n<p>\n<script>\n```', '```\n<p>\n<script>\n```'],
  ['git checkout <branch>', 'git checkout <branch>'],
]

const TABLES: [string, string][] = [
  [
    '| Name | Age | City |\n|---|:-:|---|\n| Anna | 30 | |\n| **Bob** | `4` | Rome |',
    '*Name: Anna*\n- Age: 30\n\n*Name: Bob*\n- Age: `4`\n- City: Rome',
  ],
  ['|  | Age |\n|---|---|\n| Anna | 30 |', '*Anna*\n- Age: 30'],
  ['| Only |\n|---|\n| a |\n| b |', '*Only*\n- a\n- b'],
  ['| A | B |\n|---|---|', '*A, B*'],
  ['Text\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nMore', 'Text\n\n*A: 1*\n- B: 2\n\nMore'],
]

describe('formatMarkdown', () => {
  it.each([...ROWS, ...MARKUP, ...TABLES])('%j → %j', (markdown, expected) => {
    expect(toWhatsAppText(markdown)).toBe(expected)
  })

  const code = '# no heading\n**no bold** `x` * y\n  def __init__(self):\n\n\t<p>'

  it.each([
    ['by itself', (text: string) => text],
    ['indented', (text: string) => text.replaceAll(/^/gm, '  ')],
    ['under a list item', (text: string) => `- item\n\n${text.replaceAll(/^/gm, '  ')}`],
    ['under a number', (text: string) => `10. item\n${text.replaceAll(/^/gm, '    ')}`],
    ['in a nested list', (text: string) => `- a\n  - b\n${text.replaceAll(/^/gm, '    ')}`],
    ['in a quote', (text: string) => text.replaceAll(/^/gm, '> ')],
  ])('does not touch code in a fence %s', (_name, place) => {
    for (const mark of ['```', '~~~', '`````']) {
      const shown = toWhatsAppText(place(`${mark}python\n${code}\n${mark}`))
      expect(shown).toContain(`\`\`\`\n${code}\n\`\`\``)
    }
  })

  it.each([
    ['dashes', '-'.repeat(45)],
    ['dashes and spaces', '- '.repeat(45)],
    ['stars and spaces', ' * '.repeat(45)],
    ['plus signs', '+'.repeat(45)],
  ])('formats what is around a line of many %s', (_name, line) => {
    expect(toWhatsAppText(`**one**\n\n${line}\n\n**two**`)).toMatch(/^\*one\*\n\n(---|\++)\n\n\*two\*$/)
  })

  it('leaves nothing out of lists that nest without measure', () => {
    const items = Array.from({ length: 60 }, (_, level) => `${'  '.repeat(level)}- item${level}`)
    const shown = toWhatsAppText(items.join('\n'))
    expect(shown).toContain('item0')
    expect(shown).toContain('item59')
  })

  it('does not repeat long names of columns, nor deep indentation', () => {
    const name = 'x'.repeat(2_000)
    const shown = toWhatsAppText(`|a|${name}|\n|-|-|\n${'|a|b|\n'.repeat(400)}`)
    expect(shown).toContain(`- ${name}: b\n`)
    expect(shown.length).toBeLessThan(60_000)
    expect(toWhatsAppText(`${'- '.repeat(39)}x${'\ny'.repeat(1_000)}`).length).toBeLessThan(30_000)
  })

  it.each(['<!--\n', '<!--\n\n'])('reads many times %j in a time that grows with the length', (mark) => {
    const text = mark.repeat(15_000)
    const began = performance.now()
    formatMarkdown(text)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('keeps code that never ends, and code by indentation', () => {
    expect(toWhatsAppText('```\na *b* c')).toBe('```\na *b* c\n```')
    expect(toWhatsAppText('text\n\n    a *b* c')).toBe('text\n\n```\na *b* c\n```')
  })

  it('leaves text without marks unchanged', () => {
    const plain = fc.stringMatching(/^[\p{L}\p{N} ,.;:?"'()/=@%$€-]{0,80}$/u)
    const property = fc.property(plain, (text) => {
      fc.pre(!/https?:|^\s*[-=]|^\s*\d+[.)]|^\s|\s$/.test(text))
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
        '|',
        'https://a.b',
        '<p>',
        '</p>',
        '<script>',
        '- ',
        '1. ',
        '    ',
        '\n|-|-|\n',
        '<!--',
        '서',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    )
    const property = fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
      const text = pieces.join('')
      const { text: shown, wrapped } = formatMarkdown(text)
      expect(shown).not.toMatch(/\p{Surrogate}/u)
      expect(shown.length).toBeLessThanOrEqual(text.length * 4 + 10)
      for (const { start, end, open, close } of wrapped) {
        expect(shown.slice(start).startsWith(open)).toBe(true)
        expect(shown.slice(0, end).endsWith(close)).toBe(true)
      }
      const fenced = text
        .replaceAll('`', '')
        .replaceAll('~', '')
        .replaceAll(/[\r\0]/g, '')
      expect(toWhatsAppText(`\`\`\`\n${fenced}\n\`\`\``)).toBe(`\`\`\`\n${fenced}\n\`\`\``)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is shown by WhatsApp as Markdown shows it: the same words in bold, italic and struck out, and no mark', () => {
    const word = fc.constantFrom('one', 'two', '서울', '重点', 'ümlaut', '1.5', 'it’s')
    const styled = fc
      .tuple(word, fc.subarray(['**', '*', '~~']), word)
      .map(([first, marks, second]) => `${marks.join('')}${first} ${second}${marks.toReversed().join('')}`)
    const between = fc.constantFrom(' ', '\n', ', ', ' (', ') ', '\n\n', '\n- ', '\n> ', ': ', '。')
    const text = fc
      .array(fc.tuple(fc.oneof(word, styled), between), { minLength: 1, maxLength: 12 })
      .map((pieces) => `${pieces.flat().join('')}end`)
    fc.assert(
      fc.property(text, (markdown) => {
        expect(readMarks(toWhatsAppText(markdown))).toEqual(spansOf(markdown))
      }),
      { numRuns: 500 },
    )
  })

  it('shows no mark that Markdown does not show, wherever marks stand', () => {
    const piece = fc.constantFrom('**', '*', '~~', '서울', '重点', 'one', ' ', '：', '.', '\n', '(', ')')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const markdown = pieces.join('')
        const count = (text: string): number => text.split(/[*~_]/).length - 1
        const { text, wrapped } = formatMarkdown(markdown)
        fc.pre(!text.includes('`'))
        const literal = count(text) - 2 * wrapped.length
        expect(literal).toBeLessThanOrEqual(count(markdown))
        const shown = readMarks(text).map(([words]) => words)
        expect(count(shown.join(''))).toBeLessThanOrEqual(literal)
      }),
      { numRuns: 500 },
    )
  })

  it.each(
    [
      '*',
      '**',
      '**a ',
      '*a',
      '`a``b',
      '[',
      '[a](',
      '<',
      '_a **b ',
      String.raw`\*`,
      '> ',
      '- ',
      '<p>',
      '<!--',
    ].concat(['http://', '|', '|a|\n|-|\n', '<a href="', '**a**', '<b>x</b>', '~~a', '1. ']),
  )('stays fast on a long text of %j', (unit) => {
    const started = performance.now()
    toWhatsAppText(unit.repeat(Math.ceil(15_000 / unit.length)))
    toWhatsAppText(`${unit}\n`.repeat(Math.ceil(15_000 / unit.length)))
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})

type Span = [words: string, bold: boolean, italic: boolean, struck: boolean]

/** How WhatsApp reads marks: each pair on one line, outside of it no letter or digit. */
function readMarks(text: string): Span[] {
  const spans: Span[] = []
  for (const line of text.split('\n')) {
    const styles = { '*': false, _: false, '~': false }
    for (const [index, character] of Array.from(line.replace(/^(?:> |- )+/, '')).entries()) {
      const characters = Array.from(line.replace(/^(?:> |- )+/, ''))
      const isMark = character === '*' || character === '_' || character === '~'
      const outside = characters[styles[character as '*'] ? index + 1 : index - 1] ?? ' '
      if (isMark && !/[\p{L}\p{N}]/u.test(outside)) {
        const rest = characters.slice(index + 1).join('')
        if (styles[character] || rest.includes(character)) {
          styles[character] = !styles[character]
          continue
        }
      }
      add(spans, character, [styles['*'], styles._, styles['~']])
    }
  }
  return spans
}

/** The same of Markdown, by its parser as it comes. */
function spansOf(markdown: string): Span[] {
  const spans: Span[] = []
  for (const { children } of createMarkdownIt().parse(markdown, {})) {
    const depth = { strong: 0, em: 0, s: 0 }
    for (const { type, content, nesting } of children ?? []) {
      const [name = ''] = type.split('_')
      if (name === 'strong' || name === 'em' || name === 's') depth[name] += nesting
      add(spans, content, [depth.strong > 0, depth.em > 0, depth.s > 0])
    }
  }
  return spans
}

function add(spans: Span[], words: string, styles: [boolean, boolean, boolean]): void {
  const shown = words.replaceAll(/\s/g, '')
  if (shown === '') return
  const last = spans.at(-1)
  if (last !== undefined && styles.every((style, index) => last[index + 1] === style)) last[0] += shown
  else spans.push([shown, ...styles])
}
