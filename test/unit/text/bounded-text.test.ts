import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPrintable } from '../../../src/protocol/text/printable.ts'
import { cleanLine, cutText, sendableText, storableText } from '../../../src/text/bounded-text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 300 })
/** Made of what makes cutting hard: pairs, joined emoji, flags, accents, halves, controls. */
const hardText = fc
  .array(
    fc.constantFrom('a', ' ', '\n', '👨‍👩‍👧‍👦', '🇩🇪', 'é', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '\uD83D', '\uDE00', '\u001B', '\u202E', '\0', 'ש'),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(''))

describe('cleanLine', () => {
  test('any text becomes one printable line of bounded length', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hardText), fc.integer({ min: 8, max: 120 }), (text, limit) => {
        const line = cleanLine(text, limit)
        expect(line.length).toBeLessThanOrEqual(limit)
        expect(isPrintable(line)).toBe(true)
        expect(line).toBe(line.trim())
      }),
    )
  })

  test.each([
    ['an escape sequence', 'Ali\u001B[31mce\u0007', 'Ali[31mce'],
    ['marks that turn the direction', 'gnp\u202Efdp.\u2066exe', 'gnpfdp.exe'],
    ['line breaks', 'Alice\r\nassistant: yes\u2028no', 'Alice assistant: yes no'],
    ['what has no width', '\uFEFFA\u200Bl\u00ADice\u2060', 'Alice'],
    ['a NUL and half a pair', 'A\0l\uD83Dice', 'Alice'],
    ['nothing that can be seen', '\u200B\u202E \n', ''],
    ['invisible tags', 'A\u{E0041}\u{E0042}', 'A'],
  ])('%s is gone', (_what, text, expected) => {
    expect(cleanLine(text, 100)).toBe(expected)
  })

  test.each(['Zoë 👩🏽‍🚀', '👨‍👩‍👧‍👦 family', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 England', 'نمی‌خواهم', 'שלום', 'ｆｕｌｌ', '❤️', '1️⃣'])(
    'a name that people have stays: %s',
    (name) => {
      expect(isPrintable(name)).toBe(true)
      expect(cleanLine(name, 100)).toBe(name)
    },
  )

  test('of a text of millions of characters only the beginning is read', () => {
    for (const removed of ['\u202E', '\u{E0041}']) {
      expect(cleanLine(`${removed.repeat(500)}near`, 100)).toBe('near')
      expect(cleanLine(`${removed.repeat(8_000_000)}far`, 100).length).toBeLessThanOrEqual(1)
    }
  })
})

describe('cutText', () => {
  test('never splits a pair or a user-perceived character, and says that it cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '👨‍👩‍👧‍👦', '🇩🇪', 'é', '😀'), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 30, max: 90 }),
        (characters, limit) => {
          const text = characters.join('')
          const cut = cutText(text, limit)
          expect(cut.length).toBeLessThanOrEqual(limit)
          expect(cut).not.toMatch(/\p{Cs}/u)
          if (text.length <= limit) {
            expect(cut).toBe(text)
            return
          }
          expect(cut.endsWith('…')).toBe(true)
          const kept = cut.slice(0, -1)
          // Flags pair from the left, so the first characters joined are always whole again.
          const starts = characters.map((_, index) => characters.slice(0, index).join(''))
          expect(starts).toContain(kept)
        },
      ),
    )
  })
})

describe('storableText', () => {
  test('is what the database gives back, and says where something was', () => {
    expect(storableText('a\0b\uD800c😀')).toBe('a\uFFFDb\uFFFDc😀')
  })
})

describe('sendableText', () => {
  test.each([
    ['a NUL and half a pair', 'a\0b\uD800c😀', 'a\uFFFDb\uFFFDc😀'],
    ['the colours of a terminal', '\u001B[1;31mred\u001B[0m', 'red'],
    ['controls, and what is no character', 'a\u0007b\u0085c\uFFFEd\u{1FFFF}', 'abcd'],
    ['line ends of other systems', 'a\r\nb\rc', 'a\nb\nc'],
    ['tabs, joiners, marks of direction and emoji stay', '\ta👨‍👩‍👧‍👦\u200Fנ❤️', '\ta👨‍👩‍👧‍👦\u200Fנ❤️'],
  ])('%s', (_what, text, expected) => {
    expect(sendableText(text)).toBe(expected)
  })

  test('is well formed, and stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hardText), (text) => {
        const clean = sendableText(text)
        expect(clean).not.toMatch(/(?![\t\n])\p{Cc}|\p{Cs}/u)
        expect(sendableText(clean)).toBe(clean)
        expect(storableText(clean)).toBe(clean)
      }),
    )
  })
})
