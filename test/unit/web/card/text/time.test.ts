import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCountdown, formatDateTime, secondsUntil } from '../../../../../src/web/card/text/time.ts'

const EXPIRES_AT = '2026-03-03T12:01:00.000Z'
const MINUTE_BEFORE_MS = Date.parse('2026-03-03T12:00:00.000Z')

test('seconds are counted by the daemon clock and never go below zero', () => {
  expect(secondsUntil(EXPIRES_AT, MINUTE_BEFORE_MS, 0)).toBe(60)
  expect(secondsUntil(EXPIRES_AT, MINUTE_BEFORE_MS - 3_600_000, 3_600_000)).toBe(60)
  expect(secondsUntil(EXPIRES_AT, MINUTE_BEFORE_MS + 59_001, 0)).toBe(1)
  expect(secondsUntil(EXPIRES_AT, MINUTE_BEFORE_MS + 60_000, 0)).toBe(0)
  expect(secondsUntil(EXPIRES_AT, MINUTE_BEFORE_MS + 90_000, 0)).toBe(0)
})

test.each([
  [0, '0:00'],
  [7, '0:07'],
  [60, '1:00'],
  [754, '12:34'],
])('%i seconds read %s', (seconds, text) => {
  expect(formatCountdown(seconds)).toBe(text)
})

test('a countdown says its seconds', () => {
  fc.assert(
    fc.property(fc.nat(100_000), (seconds) => {
      const parts = formatCountdown(seconds).split(':')
      const rest = parts.slice(1).every((part) => part.length === 2 && Number(part) < 60)
      return rest && parts.reduce((sum, part) => sum * 60 + Number(part), 0) === seconds
    }),
  )
})

test('a date is in the language and time zone of the reader', () => {
  expect(formatDateTime(EXPIRES_AT, 'en-GB', 'UTC')).toBe('3 Mar 2026, 12:01')
  expect(formatDateTime(EXPIRES_AT, 'en-GB', 'Asia/Tokyo')).toBe('3 Mar 2026, 21:01')
})
