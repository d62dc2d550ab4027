import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { messagesOf, pieced, shownTogether } from './streamed-messages.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const BLOCKS = [
  'A paragraph with **bold**, *italic* and `code`.',
  'Two lines,\nof **one** paragraph.',
  '# A heading',
  'Heading\n=======',
  '- one\n- two\n  - nested\n\n  more of it\n- three',
  '1. first\n\n   ```sh\n   ls -l\n\n   echo "two"\n   ```\n\n2. second',
  '* a\n\n* b\n\n\n* c',
  '```python\ndef f():\n\n    return "<think>"\n```',
  '~~~\na\n\n```\nb\n~~~',
  '    indented code\n\n    goes on',
  '| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | `x|y` |',
  '> quoted\n> > twice\n\n> again',
  '<p>One <b>bold</b></p>\n<ul>\n<li>x</li>\n</ul>',
  '<tool_call>\n{"name": "look"}\n\n</tool_call>',
  '<script>\nalert(1)\n\nmore\n</script>',
  '<think>\nI think\n\n```\nso\n</think>\n\nSaid.',
  '<!-- a\n\ncomment -->',
  '---',
  'A [link](https://example.com/a_b "t") and https://example.com/x_y_z.',
  '你好**世界。**再见 👩‍🚀',
  'x < y, List<String>, <your-name>',
  '**never closed',
  'Term[^1].\n\n[^1]: Footnote',
  '<|channel|>analysis<|message|>hm\n\nso<|end|><|start|>assistant<|channel|>final<|message|>Done.',
]

const manner = fc.record({
  isStreamed: fc.boolean(),
  coalesce: fc.oneof(
    fc.constant(null),
    fc.record({
      minChars: fc.integer({ min: 1, max: 200 }),
      maxChars: fc.integer({ min: 1, max: 200 }),
      idleMs: fc.constantFrom(0, 1_000),
    }),
  ),
})

const answer = fc
  .array(
    fc.tuple(
      fc.constantFrom(...BLOCKS),
      fc.constantFrom('\n\n', '\n\n', '\n', '\n\n\n', '\r\n\r\n', '\n \n'),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((blocks) => blocks.flat().join(''))

/** What can stand at the start, the middle or the end of a line. */
const hostile = fc
  .array(
    fc.constantFrom(
      'word',
      ' **bold** ',
      '**',
      '*',
      '_',
      '~~',
      '`',
      '\n',
      '\n',
      '\n\n',
      '\n\n',
      '\n\n',
      '```\n',
      '~~~\n',
      '````\n',
      '- ',
      '1. ',
      '2. ',
      '  ',
      '    ',
      '> ',
      '# ',
      '|a|b|\n|-|-|\n|c|d|\n',
      '***\n',
      '\r\n\r\n',
      '<script>\n',
      '</script>\n',
      '<!--',
      '-->\n',
      '<p>',
      '</p>',
      '<br>',
      '[a](b)',
      '===\n',
      '\t',
      '\\',
      '🙂',
      '世界',
      'x: y',
      '<tool_call>',
      '</tool_call>',
      '<think>so</think>',
    ),
    { maxLength: 40 },
  )
  .map((pieces) => `Begins. ${pieces.join('')}`)

it.each(['markdown', 'plain'] as const)('an answer in %s is the same in pieces as whole', async (format) => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(answer, hostile),
      fc.array(fc.nat(), { maxLength: 40 }),
      manner,
      async (text, cuts, how) => {
        const options = { ...how, format, textChunkLimit: 60_000 }
        const whole = await messagesOf([text], { ...options, isStreamed: false })
        const streamed = await messagesOf(pieced(text, cuts), options)
        expect(shownTogether(streamed)).toBe(shownTogether(whole))
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 200) },
  )
})
