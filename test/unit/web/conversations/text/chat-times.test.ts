import { expect, test } from 'vitest'
import {
  dayOf,
  formatRowTime,
  formatSize,
  formatTimeLeft,
  isAnotherDay,
} from '../../../../../src/web/conversations/text/chat-times.ts'

// The local time zone of the machine: days are those of the reader.
const NOW = new Date(2026, 2, 10, 15, 30)
const iso = (day: number, hour: number) => new Date(2026, 2, day, hour, 5).toISOString()

test.each([
  ['today', iso(10, 9), '09:05'],
  ['yesterday', iso(9, 23), 'Mon'],
  ['a week ago', iso(3, 9), '03/03/2026'],
  ['tomorrow, by a clock that is ahead', iso(11, 9), '11/03/2026'],
  ['no time', 'never', ''],
])('the time of a row of %s', (_when, at, expected) => {
  expect(formatRowTime(at, NOW, 'en-GB')).toBe(expected)
})

test('days are those of the calendar, not of 24 hours', () => {
  expect(dayOf(iso(10, 0), NOW, 'en-GB').daysAgo).toBe(0)
  expect(dayOf(iso(9, 23), NOW, 'en-GB').daysAgo).toBe(1)
  expect(dayOf(iso(2, 9), NOW, 'en-GB').date).toBe('Monday 2 March')
  expect(dayOf(new Date(2025, 0, 1, 12).toISOString(), NOW, 'en-GB').date).toContain('2025')
  expect(isAnotherDay(iso(9, 23), iso(10, 0))).toBe(true)
  expect(isAnotherDay(iso(10, 0), iso(10, 23))).toBe(false)
})

test.each([
  [-5, '1 min'],
  [42 * 60_000, '42 mins'],
  [119.5 * 60_000, '2 hrs'],
  [30 * 3_600_000, '30 hrs'],
])('%d milliseconds left', (ms, expected) => {
  expect(formatTimeLeft(ms, 'en-GB')).toBe(expected)
})

test('sizes are whole kilobytes, or megabytes with one digit', () => {
  expect([0, 999_499, 1_234_567].map((bytes) => formatSize(bytes, 'en-GB'))).toEqual([
    '1 kB',
    '999 kB',
    '1.2 MB',
  ])
})
