import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'
import { readWhatsApp } from './read-whatsapp.ts'

function toWhatsAppText(markdown: string): string {
  return formatMarkdown(markdown).text
}

const ROWS: [string, string][] = [
  ['**bold**', '*bold*'],
  ['__bold__', '*bold*'],
  ['an *italic* word', 'an _italic_ word'],
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
  ['![a **cat**](data:image/png;base64,iVBORw0KGgo=) and ![](blob:x)', 'a *cat* and'],
  ['[the report](sandbox:/mnt/data/report.pdf), [one](attachment:a.txt)', 'the report, one'],
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
  ['看**https://example.com**。再见', '看\u200A*https://example.com*。再见'],
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
  // Where words run on outside of the marks, WhatsApp would show them: a hair space stands between.
  ['**서울**은 좋다', '*서울*\u200A은 좋다'],
  ['你好**世界。**再见', '你好\u200A*世界。*\u200A再见'],
  ['你好***世界***再见~~吧~~', '你好\u200A*_世界_*\u200A再见\u200A~吧~'],
  ['나는 **서울** 에', '나는 *서울* 에'],
  ['**社区显示：**Fable 与 **有效**', '*社区显示：*\u200AFable 与 *有效*'],
  ['这是**重点**内容', '这是\u200A*重点*\u200A内容'],
  ['- **名称**：说明', '- *名称*：说明'],
  ['重点**「引用」**后', '重点\u200A*「引用」*\u200A后'],
  ['un**believ**able', 'unbelievable'],
  ['**Note:**text', '*Note:*\u200Atext'],
  ['⚠️**Warning:** hot', '⚠️*Warning:* hot'],
  ['(**a**) "**b**" **c**\'s **d**…', '(*a*) "*b*" *c*\'s *d*…'],
  ['ו**ירושלים** و**السلام عليكم** в**Москве**', 'וירושלים والسلام عليكم вМоскве'],
  ['pre**bold words** x', 'prebold words x'],
  ['ab**cd + ef**gh and π**2 + σ**2', 'ab**cd + ef**gh and π**2 + σ**2'],
  // A star inside would end bold there.
  [String.raw`**5\* hotel** **x**`, '5* hotel *x*'],
]

const FOR_PROGRAMS: [string, string][] = [
  ['MEDIA:/home/u/cat.png\nHere is the cat.', 'Here is the cat.'],
  ['Here is the cat.\nMEDIA: ./out/cat.png', 'Here is the cat.'],
  ['Two:\nMEDIA:"/a b.png"\nMEDIA:`~/c.png`\nIMAGE:/d.png\nMEDIA: e.jpeg\nend', 'Two:\nend'],
  ['- a\n- MEDIA:/x.png\n- b', '- a\n- b'],
  ['Here:\n\n1. MEDIA:/x.png', 'Here:'],
  ['- <tool_call>{}</tool_call>\n- [[reply_to_current]]\n-\n- b', '-\n- b'],
  ['- MEDIA:/x.png\n\n  text', '- text'],
  ['IMAGE:[removed]/cat.png\nMEDIA:"[removed]/a b.png"\nHere.', 'Here.'],
  ['MEDIA:https://example.com/cat.png', 'https://example.com/cat.png'],
  ['[[reply_to_current]] Hello [[x]]', 'Hello [[x]]'],
  ['MEDIA: The press said MEDIA:/x\nIMAGE: a cat', 'MEDIA: The press said MEDIA:/x\nIMAGE: a cat'],
  ['`MEDIA:/x`\n\n```\nMEDIA:/x\n```', '`MEDIA:/x`\n\n```\nMEDIA:/x\n```'],
]

const FORMULAS: [string, string][] = [
  [String.raw`\(a_b*c*d\) and \[ x_1 = \sqrt{2} \]`, String.raw`a_b*c*d and x_1 = \sqrt{2}`],
  ['\\[\nx = a * b * c\n\\]', 'x = a * b * c'],
  ['$$a_1 * b * c$$', 'a_1 * b * c'],
  [String.raw`so $\alpha * x_i * y$ holds`, String.raw`so $\alpha * x_i * y$ holds`],
  ['It costs $5_0 or **$6**, at $HOME/a_b:$PATH', 'It costs $5_0 or *$6*, at $HOME/a_b:$PATH'],
  [String.raw`\[1\] and \(see there\)`, '[1] and (see there)'],
]

const FENCES: [string, string][] = [
  ['```SELECT name FROM people\nWHERE id = 1\n```', '```\nSELECT name FROM people\nWHERE id = 1\n```'],
  ['```ls -la', '```\nls -la\n```'],
  // A zero-width space keeps WhatsApp from ending the code there.
  ['````md\n```js\nx\n```\n````', '```\n``\u200B`js\nx\n``\u200B`\n```'],
  ['~~~\na `````` b `` c\n~~~', '```\na ``\u200B``\u200B`` b `` c\n```'],
  ['```python title="a.py"\nx\n```', '```\nx\n```'],
]

const JSONS: [string, string][] = [
  ['{"a": "x_y", "b": "**no**"}', '{"a": "x_y", "b": "**no**"}'],
  ['Here:\n\n{\n  "a": [\n    "*b*"\n  ]\n}', 'Here:\n\n{\n  "a": [\n    "*b*"\n  ]\n}'],
  ['{**bold**}', '{*bold*}'],
]

const MARKUP: [string, string][] = [
  ['<p>Hello <b>world</b></p>', 'Hello *world*'],
  ['<p>one</p><p>two</p>', 'one\ntwo'],
  ['<P>one</P>\n<DIV>two</DIV>', 'one\ntwo'],
  ['<h2>Title</h2>text', '*Title*\ntext'],
  ['<ul>\n<li>one</li>\n<li>two</li>\n</ul>', '- one\n- two'],
  ['<a href="https://example.com">docs</a>', 'docs (https://example.com)'],
  ['<img src="https://example.com/a.png" alt="a cat">', 'a cat (https://example.com/a.png)'],
  ['<img src="data:image/png;base64,AAAA" alt="a cat"> <img src=\'data:image/gif,x\'>', 'a cat'],
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
  ['Checking <tool_call>{"name":"ls"}', 'Checking'],
  ['Checking <tool_call>\n{"name":"ls"}\n\nDone.', 'Checking\n\nDone.'],
  ['The <tool_call> tag has JSON in it.', 'The <tool_call> tag has JSON in it.'],
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
  ['Done.</s>', 'Done.'],
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
  it.each([...ROWS, ...FOR_PROGRAMS, ...FORMULAS, ...FENCES, ...JSONS, ...MARKUP, ...TABLES])(
    '%j → %j',
    (markdown, expected) => {
      expect(toWhatsAppText(markdown)).toBe(expected)
    },
  )

  const table = '| 名前 | Age | Who |\n|---|--:|:-:|\n| 太郎 | 7 | 👩‍🚀 |\n| **Bob** | `12` | אבא |'

  it.each([
    ['code', '```\n名前 | Age | Who\n-----+-----+----\n太郎 |   7 | 👩‍🚀\nBob  |  12 | \u2068אבא\u2069\n```'],
    ['block', '```\n名前 | Age | Who\n-----+-----+----\n太郎 |   7 | 👩‍🚀\nBob  |  12 | \u2068אבא\u2069\n```'],
    ['bullets', '*名前: 太郎*\n- Age: 7\n- Who: 👩‍🚀\n\n*名前: Bob*\n- Age: `12`\n- Who: אבא'],
    ['off', table],
  ] as const)('shows a table as %s', (tables, expected) => {
    expect(formatMarkdown(table, { tables }).text).toBe(expected)
    const inList = `- item\n\n  ${table.replaceAll('\n', '\n  ')}\n\nend`
    const shown = formatMarkdown(inList, { tables }).text
    expect(shown.replaceAll(/^ +/gm, '')).toBe(`- item\n\n${expected}\n\nend`)
  })

  it.each([
    ['is too wide for a phone', 'x'.repeat(50)],
    ['has fences in it', 'a ``` b'],
  ])('shows a table that %s as a list in place of code', (_name, cell) => {
    expect(formatMarkdown(`| a | b |\n|-|-|\n| 1 | ${cell} |`, { tables: 'code' }).text).toBe(
      `*a: 1*\n- b: ${cell}`,
    )
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

  it('shows no mark that Markdown does not show, wherever marks stand', () => {
    const piece = fc.constantFrom(
      '**',
      '*',
      '_',
      '~~',
      '~',
      '서울',
      '重点',
      'one',
      ' ',
      '：',
      '.',
      '\n',
      '(',
      ')',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const markdown = pieces.join('')
        const count = (text: string): number => text.split(/[*~_]/).length - 1
        const { text, wrapped } = formatMarkdown(markdown)
        fc.pre(!text.includes('`'))
        const literal = count(text) - 2 * wrapped.length
        expect(literal).toBeLessThanOrEqual(count(markdown))
        const shown = readWhatsApp(text).spans.map(([words]) => words)
        expect(count(shown.join(''))).toBeLessThanOrEqual(literal)
      }),
      { numRuns: 500 },
    )
  })
})
