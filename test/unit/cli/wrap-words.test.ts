import { expect, it } from 'vitest'
import { wrapWords } from '../../../src/cli/wrap-words.ts'

const SENTENCE =
  'default: unlinked. No WhatsApp is linked yet. Show a QR code in the dashboard, or run "whatsappd link".'

it('keeps every line within 80 columns, and every word', () => {
  const lines = wrapWords(SENTENCE, '', 2)
  expect(lines.length).toBe(2)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
  expect(lines[1]).toMatch(/^ {2}\S/)
  expect(lines.map((line) => line.trim()).join(' ')).toBe(SENTENCE)
})

it('begins the first line with the mark, and the others as far in', () => {
  const lines = wrapWords(SENTENCE, 'warning  ')
  expect(lines[0]).toMatch(/^warning {2}default/)
  expect(lines[1]).toMatch(/^ {9}\S/)
})

it('leaves a longer word whole', () => {
  const path = `/${'directory/'.repeat(12)}`
  expect(wrapWords(`in ${path} it is`, '')).toEqual(['in', path, 'it is'])
})
