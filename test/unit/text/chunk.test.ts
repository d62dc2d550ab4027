import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkText as chunkFormatted, type ChunkMode } from '../../../src/text/chunk.ts'
import { formatMarkdown } from '../../../src/text/markdown/format-markdown.ts'
import { plainText } from '../../../src/text/plain-text.ts'

const MODES: ChunkMode[] = ['length', 'newline']
const FENCE = '```'

function chunkText(text: string, limit: number, mode: ChunkMode): string[] {
  return chunkFormatted(plainText.format(text), limit, mode)
}

describe('chunkText', () => {
  it('leaves a text that fits exactly as it is', () => {
    expect(chunkText('  two\n\nparagraphs \n', 100, 'newline')).toEqual(['  two\n\nparagraphs \n'])
  })

  it('gives nothing for nothing', () => {
    expect(chunkText('', 10, 'newline')).toEqual([])
    expect(chunkText('   \n', 10, 'newline')).toEqual([])
  })

  it('cuts between paragraphs first in newline mode, and fills up in length mode', () => {
    const text = 'First paragraph here.\n\nSecond one\nwith two lines.'
    expect(chunkText(text, 40, 'newline')).toEqual(['First paragraph here.', 'Second one\nwith two lines.'])
    expect(chunkText(text, 40, 'length')).toEqual(['First paragraph here.\n\nSecond one\nwith', 'two lines.'])
  })

  it('keeps the indentation of the line behind a cut', () => {
    expect(chunkText('- a list of things\n  - nested', 22, 'newline')).toEqual([
      '- a list of things',
      '  - nested',
    ])
  })

  it('never cuts a link that fits', () => {
    const link = 'https://example.com/a/long/path?with=query'
    expect(chunkText(`看这里${link}再见`, 46, 'length')[1]).toContain(link)
    for (const mode of MODES) {
      const chunks = chunkText(`one two three four five six seven ${link} eight`, 50, mode)
      expect(chunks.some((chunk) => chunk.includes(link))).toBe(true)
    }
  })

  it('keeps a code fence whole where it fits', () => {
    const code = `${FENCE}\nconst answer = 42\nconsole.log(answer)\n${FENCE}`
    const chunks = chunkText(`Some words before the code that fill.\n${code}\nAnd after.`, 60, 'newline')
    expect(chunks.some((chunk) => chunk.includes(code))).toBe(true)
    expect(chunks[0]).toBe('Some words before the code that fill.')
  })

  it('begins no message with an empty fence where the code ends at the cut', () => {
    const code = `${FENCE}\n${'a'.repeat(400)}\n\nbbb\n${FENCE}`
    const chunks = chunkFormatted(formatMarkdown(`${code}\n${'word '.repeat(300)}`), 1_000, 'newline')
    expect(chunks[0]).toBe(code)
    expect(chunks[1]).toMatch(/^word/)
  })

  it('closes a longer code fence at the cut and opens it again', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `line number ${index}`)
    const chunks = chunkText(`${FENCE}\n${lines.join('\n')}\n${FENCE}`, 60, 'newline')
    expect(chunks.length).toBeGreaterThan(2)
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(60)
      expect(chunk.split(FENCE).length - 1).toBe(2)
    }
    expect(chunks.join('\n').replaceAll(`\n${FENCE}\n${FENCE}`, '')).toBe(
      `${FENCE}\n${lines.join('\n')}\n${FENCE}`,
    )
  })

  it('does not split flags, families and accents', () => {
    const family = '👨‍👩‍👧‍👦'
    const text = `${family}🇩🇪é`.repeat(20)
    const chunks = chunkText(text, 30, 'length')
    const clusters = (value: string): string[] =>
      [...new Intl.Segmenter().segment(value)].map(({ segment }) => segment)
    expect(chunks.flatMap(clusters)).toEqual(clusters(text))
  })

  it('stays within the limit, loses nothing but white space and leaves no half character', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.constantFrom('🇩🇪', '👩🏽‍🚀', 'e\u0301', 'https://example.com/x', '\n\n', '\n', ' ', '. '),
    )
    const property = fc.property(
      fc.array(word, { maxLength: 60 }),
      fc.integer({ min: 2, max: 200 }),
      fc.constantFrom(...MODES),
      (words, limit, mode) => {
        const text = words.join('').replaceAll('`', '')
        const chunks = chunkText(text, limit, mode)
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(limit)
          expect(chunk).not.toMatch(/\p{Surrogate}/u)
        }
        expect(chunks.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  it('ends for any text with fences', () => {
    const piece = fc.constantFrom(FENCE, '`', '\n', ' ', 'word', 'https://a.example', '🙂')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 120 }), fc.integer({ min: 2, max: 80 }), (pieces, limit) => {
        for (const chunk of chunkText(pieces.join(''), limit, 'newline')) {
          expect(chunk.length).toBeLessThanOrEqual(limit)
          expect(chunk).not.toMatch(/\p{Surrogate}/u)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('closes bold at a cut and opens it again, or moves it into the next message', () => {
    const bold = formatMarkdown(
      'Some words first. **bold words that go on and on and on until the end** and more',
    )
    for (const mode of MODES) {
      const chunks = chunkFormatted(bold, 40, mode)
      expect(chunks.length).toBeGreaterThan(2)
      for (const chunk of chunks) expect(chunk.split('*').length % 2).toBe(1)
    }
    const short = formatMarkdown('Twenty characters ok **and bold here**')
    expect(chunkFormatted(short, 34, 'length')).toEqual(['Twenty characters ok', '*and bold here*'])
  })

  it('shows the same code, and every mark twice, wherever Markdown is cut', () => {
    const line = fc.constantFrom(
      'const a = 1',
      '  def __init__(self):',
      '',
      'x * y',
      '\tindented',
      'word '.repeat(20),
    )
    const block = fc.oneof(
      fc
        .array(line, { minLength: 1, maxLength: 12 })
        .map((lines) => `${FENCE}js\n${lines.join('\n')}\n${FENCE}`),
      fc
        .array(line, { minLength: 1, maxLength: 6 })
        .map((lines) => `- item\n\n  ~~~\n${lines.map((each) => `  ${each}`).join('\n')}\n  ~~~`),
      fc.constantFrom(
        '**bold** text',
        '- *one*\n- **two** three',
        '> quoted',
        'plain words',
        '`a b c`, **d `e` f**',
      ),
      fc.constant(`**${'long bold '.repeat(12)}end**`),
    )
    const property = fc.property(
      fc.array(block, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 40, max: 200 }),
      fc.constantFrom(...MODES),
      (blocks, limit, mode) => {
        const formatted = formatMarkdown(blocks.join('\n\n'))
        const chunks = chunkFormatted(formatted, limit, mode)
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(limit)
          expect(chunk.split(FENCE).length % 2).toBe(1)
          expect(outsideOfCode(chunk).split('*').length % 2).toBe(1)
        }
        const compact = (text: string): string => text.replaceAll(FENCE, '').replaceAll(/[\s*]/g, '')
        expect(compact(chunks.join(''))).toBe(compact(formatted.text))
      },
    )
    fc.assert(property, { numRuns: 500 })
  })
})

function outsideOfCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`]*`/g, '')
}
