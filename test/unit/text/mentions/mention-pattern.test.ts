import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldedText } from '../../../../src/text/mentions/find-name.ts'
import { mentionPattern } from '../../../../src/text/mentions/mention-pattern.ts'

const finds = (written: string, text: string): boolean => mentionPattern(written)(text, foldedText(text))

describe('a name', () => {
  it.each([
    ['Ada', 'hey ADA!'],
    ['Ada', "Ada's turn"],
    ['ada', '@ada please'],
    ['Ada Bot', 'ada   bot, hi'],
    ['José', 'JOSE\u0301 hi'],
    ['Weiß', 'WEISS?'],
    ['İpek', 'ipek, gel'],
    ['ΟΔΟΣ', 'οδος;'],
    ['Ａｄａ', 'ada'],
    ['आदा', 'हे आदा!'],
    ['مساعد', 'يا مساعد، كيف'],
    ['小爱', '小爱你好'],
    ['Ada', '你好Ada请'],
    ['アダ', 'ねえアダさん'],
    ['มะลิ', 'สวัสดีมะลิครับ'],
    ['아다', '아다야 안녕'],
    ['🤖', 'hi🤖there'],
    ['C++', 'I like C++!'],
    ['Ada', 'no Adam here, but Ada'],
  ])('%s is in "%s"', (name, text) => {
    expect(finds(name, text)).toBe(true)
  })

  it.each([
    ['Ada', 'Adam'],
    ['bot', 'robots'],
    ['Ada', 'ada_bot'],
    ['Ada', 'Ada2'],
    ['Ann', 'Anné'],
    ['Jose', 'Jose\u0301'],
    ['Jose', 'José'],
    ['आद', 'आदा'],
    ['मे', 'हमेशा'],
    ['Ada', ''],
  ])('%s is not in "%s"', (name, text) => {
    expect(finds(name, text)).toBe(false)
  })

  it('is found wherever it stands alone, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (name) => {
        fc.pre(/^[\p{L}\p{N}]+$/u.test(name))
        expect(finds(name, `hey, ${name.toUpperCase()}!`)).toBe(true)
      }),
    )
  })
})

describe('a regular expression', () => {
  it.each([
    ['/^hey (bot|ada)\\b/i', 'HEY Ada', true],
    ['/^hey (bot|ada)\\b/', 'HEY Ada', false],
    ['/^ada$/im', 'first\nADA\nlast', true],
    ['/a.b/s', 'a\nb', true],
    ['/\\p{Han}{2}/u', '你好', true],
    ['/a/b/', 'a/b', true],
    ['//', '//', true],
  ])('%s and "%s"', (pattern, text, isFound) => {
    expect(finds(pattern, text)).toBe(isFound)
  })

  // V8 needs hours for the first of them.
  it.each(['/(a|a)*$b/', '/(a+)+b/', '/(a?){40}b/'])(
    '%s takes no longer for a text that fits it badly, and reads no more than the beginning',
    (pattern) => {
      const matches = mentionPattern(pattern)
      expect(matches('a'.repeat(65_000), '')).toBe(false)
      expect(mentionPattern('/z/')('a'.repeat(4_000) + 'z', '')).toBe(false)
    },
  )

  it.each(['/(.{1,30}){1,30}[xz]$/', '/(x?){500}y|(a?){500}$/'])(
    '%s is refused: it would be looked for at every character, over and over',
    (pattern) => {
      expect(() => mentionPattern(pattern)).toThrow('too large')
    },
  )

  it('is refused with a sentence where it cannot be read', () => {
    for (const pattern of ['/(/', '/(?=a)/', '/a/x', '/[/'])
      expect(() => mentionPattern(pattern)).toThrow(SyntaxError)
  })
})
