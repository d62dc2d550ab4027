import { expect, test } from 'vitest'
import { formatProblemPlace } from '../../../../../src/web/card/parts/config-problems.ts'

test.each([
  [{ path: 'channels.whatsapp', line: 12, column: 5 }, 'channels.whatsapp · line 12, column 5'],
  [{ path: '', line: 3, column: null }, 'line 3'],
  [{ path: 'whatsappd.listen', line: null, column: null }, 'whatsappd.listen'],
  [{ path: '', line: null, column: null }, ''],
])('the place of a problem', (place, text) => {
  expect(formatProblemPlace({ code: 'syntax', message: '', ...place })).toBe(text)
})
