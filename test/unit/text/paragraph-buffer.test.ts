import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownText } from '../../../src/text/markdown/markdown-text.ts'
import { dropParagraphs, ParagraphBuffer } from '../../../src/text/paragraph-buffer.ts'
import { plainText } from '../../../src/text/plain-text.ts'
import type { TextReader } from '../../../src/text/text-reader.ts'
import { expectLinearGrowth } from '../../support/grows-linearly.ts'

const READERS: [string, TextReader][] = [
  ['plain text', plainText],
  ['Markdown', markdownText],
]

/** What can stand at the start, the middle or the end of a line, so that blocks open, go on and end in every way. */
const piece = fc.constantFrom(
  'word',
  ' **bold** ',
  '\n',
  '\n\n',
  '\n\n',
  '```\n',
  '~~~\n',
  '````\n',
  '- ',
  '1. ',
  '  ',
  '    ',
  '> ',
  '# ',
  '|a|b|\n|-|-|\n|c|d|\n',
  '***\n',
  '\r\n',
  '\r\n\r\n',
  '<script>\n',
  '</script>\n',
  '<!--',
  '-->\n',
  '[a]: https://example.com\n',
  '===\n',
  '\t',
)
const written = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

/** Everything that a buffer hands out, when it is asked after every piece of `step` characters. */
function streamed(
  reader: TextReader,
  text: string,
  step: number,
): { out: string[]; rest: string; paragraphs: number } {
  const buffer = new ParagraphBuffer(reader)
  const out: string[] = []
  let paragraphs = 0
  for (let at = 0; at < text.length; at += step) {
    buffer.push(text.slice(at, at + step))
    if (!buffer.mayHaveParagraph) continue
    const taken = buffer.take()
    if (taken.text !== '') out.push(taken.text)
    paragraphs += taken.ends.length
  }
  return { out, rest: buffer.rest(), paragraphs }
}

describe.each(READERS)('ParagraphBuffer of %s', (_name, reader) => {
  it('hands out paragraphs once a blank line ends them', () => {
    const buffer = new ParagraphBuffer(reader)
    buffer.push('first\nstill first\n')
    expect(buffer.mayHaveParagraph).toBe(false)
    buffer.push('\nsecond')
    expect(buffer.mayHaveParagraph).toBe(true)
    expect(buffer.take()).toMatchObject({ text: 'first\nstill first\n\n', ends: { length: 1 } })
    expect(buffer.mayHaveParagraph).toBe(false)
    expect(buffer.rest()).toBe('second')
  })

  it('does not end a paragraph inside of a code fence', () => {
    const buffer = new ParagraphBuffer(reader)
    buffer.push('```js\na\n\nb\n')
    expect(buffer.take().ends.length).toBe(0)
    buffer.push('```\n\n')
    expect(buffer.take().ends.length).toBe(1)
  })

  it('finds the same paragraphs however the text is cut, and loses nothing', () => {
    const property = fc.property(written, fc.integer({ min: 1, max: 9 }), (text, step) => {
      const whole = new ParagraphBuffer(reader)
      whole.push(text)
      const expected = whole.take()
      const { out, rest, paragraphs } = streamed(reader, text, step)
      expect(paragraphs).toBe(expected.ends.length)
      expect(out.join('') + rest).toBe(text)
      expect(out.join('').trimEnd()).toBe(expected.text.trimEnd())
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('drops exactly what was taken before', () => {
    const property = fc.property(written, (text) => {
      const buffer = new ParagraphBuffer(reader)
      buffer.push(text)
      const { length: paragraphs } = buffer.take().ends
      expect(dropParagraphs(reader, text, paragraphs).trimStart()).toBe(buffer.rest().trimStart())
    })
    fc.assert(property, { numRuns: 500 })
    expect(dropParagraphs(reader, 'a\n\nb\n\nc', 1)).toBe('b\n\nc')
    expect(dropParagraphs(reader, 'a\n\nb', 5)).toBe('')
  })

  it('shows the same streamed as whole', () => {
    const property = fc.property(written, fc.integer({ min: 1, max: 9 }), (text, step) => {
      const { out, rest } = streamed(reader, text, step)
      const shown = [...out, rest]
        .map((each) => reader.format(each).text.trim())
        .filter((each) => each !== '')
      const compact = (value: string): string => value.replaceAll(/\s*\n\s*/g, '\n').trim()
      expect(compact(shown.join('\n\n'))).toBe(compact(reader.format(text).text))
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('ParagraphBuffer of Markdown', () => {
  const nested =
    '1. Install it:\n\n   ```python\n   def __init__(self):\n\n       pass\n   ```\n\n2. Then run it.\n\n'

  it('ends nothing inside of an element that nobody sees, whatever its lines look like', () => {
    for (const inside of ['===\n\n', '# x\n\n', '- x\n\n---\n\n', '> x\n\n'])
      expect(markdownText.paragraphEnds(`<script>\n${inside}more\n\n`)).toEqual([])
  })

  it('keeps code under a list item, and the list, in one piece', () => {
    for (const step of [1, 3, 7]) {
      const { out, rest } = streamed(markdownText, `${nested}Done.\n`, step)
      expect(out.at(0)).toBe(nested)
      expect(out.join('') + rest).toBe(`${nested}Done.\n`)
    }
  })

  it('hands out a paragraph before it is known what comes next, but not a list', () => {
    const buffer = new ParagraphBuffer(markdownText)
    buffer.push('Let me look.\n\n')
    expect(buffer.take().ends.length).toBe(1)
    buffer.push('- one\n\n')
    expect(buffer.take().ends.length).toBe(0)
  })

  it('stays fast while a long block grows', () =>
    expectLinearGrowth((lines) => {
      const buffer = new ParagraphBuffer(markdownText)
      buffer.push('```\n')
      for (let line = 0; line < lines; line += 1) buffer.push('x = 1\n\n')
      for (let times = 0; times < 10; times += 1) buffer.take()
    }, 20_000))
})
