import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunkText, type ChunkMode } from '../../../src/text/chunk.ts'

const MODES: ChunkMode[] = ['length', 'newline']
const FENCE = '```'

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
})
