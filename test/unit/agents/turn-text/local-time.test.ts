import { expect, it } from 'vitest'
import { localTime } from '../../../../src/agents/turn-text/local-time.ts'

it('tells the time of a zone with its distance from UTC, in summer and in winter', () => {
  expect(localTime(new Date('2026-07-01T22:30:00Z'), 'Europe/Berlin')).toBe('2026-07-02T00:30:00+02:00')
  expect(localTime(new Date('2026-12-31T23:30:00Z'), 'Europe/Berlin')).toBe('2027-01-01T00:30:00+01:00')
  expect(localTime(new Date('2026-01-01T00:00:00Z'), 'America/St_Johns')).toBe('2025-12-31T20:30:00-03:30')
  expect(localTime(new Date('2026-01-01T00:00:00Z'), 'UTC')).toBe('2026-01-01T00:00:00+00:00')
})
