import { describe, expect, it } from 'vitest'
import { chatTime } from '../../../../src/conversations/notices/chat-time.ts'
import { LANGUAGES } from '../../../../src/protocol/config/languages.ts'

const NOON = Date.UTC(2026, 1, 3, 12)
const HALF_PAST_MIDNIGHT = Date.UTC(2026, 1, 4, 0, 30)

describe('a time in a chat', () => {
  it.each([
    ['en', '12:00', '4 February 2026 at 00:30'],
    ['de', '12:00', '4. Februar 2026 um 00:30'],
    ['id', '12.00', '4 Februari 2026 pukul 00.30'],
    ['ar', '12:00', '4 فبراير 2026 في 00:30'],
  ] as const)('%s', (language, today, tomorrow) => {
    expect(chatTime(NOON, NOON, language)).toBe(today)
    expect(chatTime(HALF_PAST_MIDNIGHT, NOON, language)).toBe(tomorrow)
  })

  it('has 24 hours and the digits 0 to 9 everywhere', () => {
    for (const language of LANGUAGES)
      expect(chatTime(HALF_PAST_MIDNIGHT, HALF_PAST_MIDNIGHT, language)).toMatch(/^00[:.]30( .*)?$/)
  })
})
