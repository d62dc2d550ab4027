import { expect, it } from 'vitest'
import { retryAfterMs } from '../../../src/network/retry-after.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

it.each([
  [{}, null],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after': '20' }, 20_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': '-1' }, null],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT' }, 7_000],
  [{ 'retry-after': 'Sunday, 01-Mar-26 12:00:07 GMT' }, 7_000],
  [{ 'retry-after': 'Sun, 01 Mar 2026 11:59:00 GMT' }, 0],
  [{ 'retry-after': '20', 'retry-after-ms': '350' }, 350],
])('%o asks to wait %s ms', (headers: Record<string, string>, expected) => {
  expect(retryAfterMs(new Headers(headers), NOW)).toBe(expected)
})
