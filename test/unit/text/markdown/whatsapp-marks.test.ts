import { expect, it } from 'vitest'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'

const WHATSAPP_MARKS: [string, string][] = [
  // Its other marks stand in the same block.
  ['*bold* and _italic_', '*bold* and _italic_'],
  ['a ~gone~ and a *bold* word', 'a ~gone~ and a *bold* word'],
  ['a *_both_* and a _*both*_', 'a *_both_* and a *_both_*'],
  ['~*both*~ and *~both~*', '~*both*~ and *~both~*'],
  ['an _italic_ one\n\nan *italic* one', 'an _italic_ one\n\nan _italic_ one'],
  ['- _a_ *b* c\n- a *b* c', '- _a_ *b* c\n- a _b_ c'],
  // A line by itself.
  ['*Title*\nText *here*', '*Title*\nText _here_'],
  ['Text\n📋 *Your day* ✨\nText', 'Text\n📋 *Your day* ✨\nText'],
  ['- *Buy milk*\n- a *b*', '- *Buy milk*\n- a _b_'],
  ['> *Title*\n> a *b*', '> *Title*\n> a _b_'],
  ['# *Title*', '*Title*'],
  ['*Two\nlines*', '_Two_\n_lines_'],
  ['*标题*\n正文', '*标题*\n正文'],
  // The name of what follows.
  ['*Total:* 5', '*Total:* 5'],
  ['*Total*: 5', '*Total*: 5'],
  ['*Total* : 5', '*Total* : 5'],
  ['*合计：*五', '*合计：*\u200A五'],
  ['- 📍 *Where:* Rome\n- *When*: now', '- 📍 *Where:* Rome\n- *When*: now'],
  ['• *Where:* Rome\n• *When*: now', '• *Where:* Rome\n• *When*: now'],
  ['*合计*：5', '*合计*：5'],
  ['The *total:* 5', 'The _total:_ 5'],
  // Markdown's own says that a single star is italic.
  ['*Note:* a **bold** word', '_Note:_ a *bold* word'],
  ['__a__ and *b* and _c_', '*a* and _b_ and _c_'],
  ['***both***', '*_both_*'],
  ['|*A*|B|\n|-|-|\n|1|a *b* c|\n|2|*b* _c_|', '*A: 1*\n- B: a _b_ c\n\n*A: 2*\n- B: *b* _c_'],
  // No marks.
  ['`_x_` and *y* and ~/bin, ~5 or ~6', '`_x_` and _y_ and ~/bin, ~5 or ~6'],
  [String.raw`\_x\_ and *y*`, '_x_ and _y_'],
]

it.each(WHATSAPP_MARKS)('%j → %j', (markdown, expected) => {
  expect(formatMarkdown(markdown).text).toBe(expected)
})
