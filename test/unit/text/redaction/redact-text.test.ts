import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { chunkText } from '../../../../src/text/chunk.ts'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'
import { redactFormatted } from '../../../../src/text/redaction/redact-text.ts'
import { Redactor } from '../../../../src/text/redaction/redactor.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

const SECRET = 'sk_live-A1.b2/C3'
const redactor = new Redactor({
  paths: ['/home/u'],
  secrets: [SECRET, 'admin:hunter2222'],
  isOwnToken: () => false,
})

function shown(markdown: string): string {
  return redactFormatted(formatMarkdown(markdown), redactor).text.text
}

it.each([
  ['**/home/u/x** and `/home/u`', '*[removed]/x* and `[removed]`'],
  ['[the file](/home/u/x)', 'the file ([removed]/x)'],
  ['&#47;home&#47;u\\/x', '[removed]/x'],
  // Marks inside of it: both go, or neither.
  ['sk_live-**A1**.b2/C3 here', '[removed] here'],
  ['**see sk_live-A1**.b2/C3', 'see [removed]'],
  ['sk_live-A1.**b2/C3 and more** _x_', '[removed] and more _x_'],
  ['`/home/u`is', '`[removed]`is'],
  // A hair space stands where a mark would be within a word, and other spaces that nobody sees.
  ['is **admin:**hunter2222', 'is [removed]'],
  ['is admin:\u200Bhunt\u2060er2222.', 'is [removed].'],
])('finds it in what %j becomes', (markdown, expected) => {
  expect(shown(markdown)).toBe(expected)
})

it('leaves no part of a secret, whatever marks are in it and wherever the text is cut, and marks stay in pairs', () => {
  const mark = fc.constantFrom('', '', '', '', '**', '*', '~~', '`', '<b>', '</b>', '\\')
  const written = fc
    .array(mark, { minLength: SECRET.length, maxLength: SECRET.length })
    .map((marks) => Array.from(SECRET, (character, index) => character + (marks[index] ?? '')).join(''))
  const around = fc.constantFrom('', ' ', '**', 'a ', '\n', '- ', '> ', '`', '。')
  const property = fc.property(around, written, around, fc.integer({ min: 32, max: 60 }), (...given) => {
    const [before, secret, after, limit] = given
    const formatted = formatMarkdown(`${before}${secret}${after} and some words behind it`)
    // Without marks, and without the hair spaces that stand where a mark would be within a word.
    const bare = formatted.wrapped
      .flatMap(({ start, end, open, close }) => [
        [start, open.length],
        [end - close.length, close.length],
      ])
      .toSorted(([one = 0], [other = 0]) => other - one)
      .reduce((text, [at = 0, length = 0]) => text.slice(0, at) + text.slice(at + length), formatted.text)
      .replaceAll('\u200A', '')
    const { text, count } = redactFormatted(formatted, redactor)
    expect(count > 0).toBe(bare.includes(SECRET))
    for (const { start, end, open, close } of text.wrapped) {
      expect(text.text.slice(start).startsWith(open)).toBe(true)
      expect(text.text.slice(0, end).endsWith(close)).toBe(true)
    }
    if (count > 0)
      for (const chunk of chunkText(text, limit, 'length')) expect(chunk).not.toMatch(/live|A1|b2|C3/)
  })
  fc.assert(property, { numRuns: 1_000, examples: [['', 'sk_**li*ve<b>-~~A~~1.</b>b*2/C3', '', 32]] })
})

it('stays fast where everything is taken out', () =>
  expectLinearGrowth((count) => {
    expect(redactFormatted(formatMarkdown('`/home/u` '.repeat(count)), redactor).count).toBe(count)
  }, 5_000))
