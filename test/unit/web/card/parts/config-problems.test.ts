import { expect, test } from 'vitest'
import { QUIET_NOTICES } from '../../../../../src/config/problems/problem-codes.ts'
import { QUIET_CODES } from '../../../../../src/web/card/parts/config-problems.ts'
import { formatProblemPlace } from '../../../../../src/web/card/text/problem-place.ts'

test.each([
  [{ path: 'channels.whatsapp', line: 12, column: 5 }, 'channels.whatsapp · line 12, column 5'],
  [{ path: '', line: 3, column: null }, 'line 3'],
  [{ path: 'whatsappd.listen', line: null, column: null }, 'whatsappd.listen'],
  [{ path: '', line: null, column: null }, ''],
])('the place of a problem', (place, text) => {
  expect(formatProblemPlace({ code: 'syntax', message: '', ...place })).toBe(text)
})

test('what is folded is what the daemon puts last', () => {
  expect(QUIET_CODES).toEqual(QUIET_NOTICES)
})
