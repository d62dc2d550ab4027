import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeUnprintable } from '../../../src/cli/escape-unprintable.ts'
import { isPrintable } from '../../../src/protocol/text/printable.ts'

/** Any character; every other one is of those that a terminal or a reader must not get. */
const unit = fc.oneof(
  fc.constantFrom('\u001B', '\u009B', '\u202E', '\u{E0041}', '\r', '\u2028'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

describe('escapeUnprintable', () => {
  it('leaves nothing that a terminal obeys, and JSON means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: unit }), (value) => {
        const text = JSON.stringify(value, null, 2)
        const shown = escapeUnprintable(text)
        expect(isPrintable(shown.replaceAll('\n', ''))).toBe(true)
        // Not the value itself: JSON has no -0.
        expect(JSON.parse(shown)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('shows what was there', () => {
    expect(escapeUnprintable('a\u001B[31mb\u009Bc\u202Ed\u{E0041}e\r\n\tf')).toBe(
      String.raw`a\u001b[31mb\u009bc\u202ed\udb40\udc41e\u000d` + '\n\tf',
    )
    expect(escapeUnprintable('Zoë 👨‍👩‍👧‍👦')).toBe('Zoë 👨‍👩‍👧‍👦')
  })
})
