import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dropParagraphs, ParagraphBuffer } from '../../../src/text/paragraph-buffer.ts'

describe('ParagraphBuffer', () => {
  it('hands out paragraphs once a blank line ends them', () => {
    const buffer = new ParagraphBuffer()
    buffer.push('first\nstill first\n')
    expect(buffer.complete).toBe(0)
    buffer.push('\nsecond')
    expect(buffer.complete).toBe(1)
    expect(buffer.take()).toEqual({ text: 'first\nstill first\n\n', paragraphs: 1 })
    expect(buffer.complete).toBe(0)
    expect(buffer.rest()).toBe('second')
  })

  it('does not end a paragraph inside of a code fence', () => {
    const buffer = new ParagraphBuffer()
    buffer.push('```js\na\n\nb\n')
    expect(buffer.complete).toBe(0)
    buffer.push('```\n\n')
    expect(buffer.complete).toBe(1)
  })

  const piece = fc.constantFrom('word', '\n', '\n\n', '```\n', '~~~', ' ', '\n \n')

  it('finds the same paragraphs however the text is cut, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (pieces, step) => {
        const text = pieces.join('')
        const whole = new ParagraphBuffer()
        whole.push(text)
        const expected = whole.take()
        const buffer = new ParagraphBuffer()
        let out = ''
        let paragraphs = 0
        for (let at = 0; at < text.length; at += step) {
          buffer.push(text.slice(at, at + step))
          const taken = buffer.take()
          out += taken.text
          paragraphs += taken.paragraphs
        }
        expect(out).toBe(expected.text)
        expect(paragraphs).toBe(expected.paragraphs)
        expect(out + buffer.rest()).toBe(text)
      }),
    )
  })

  it('drops exactly what was taken before', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        const buffer = new ParagraphBuffer()
        buffer.push(text)
        const { paragraphs } = buffer.take()
        expect(dropParagraphs(text, paragraphs).trimStart()).toBe(buffer.rest().trimStart())
      }),
    )
    expect(dropParagraphs('a\n\nb\n\nc', 1)).toBe('b\n\nc')
    expect(dropParagraphs('a\n\nb', 5)).toBe('')
  })
})
