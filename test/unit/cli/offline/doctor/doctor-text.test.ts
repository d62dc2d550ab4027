import { expect, it } from 'vitest'
import { doctorText } from '../../../../../src/cli/offline/doctor/doctor-text.ts'

it('fits into 80 columns, problems last, with what to do', () => {
  const long = 'word '.repeat(40).trim()
  const text = doctorText({
    version: '1.2.3',
    configPath: '/a',
    stateDirectory: '/b',
    daemon: 'not_running',
    ok: false,
    findings: [
      { check: 'a.bad', level: 'problem', subject: 'account shop', message: long, action: `${long}.` },
      { check: 'a.good', level: 'ok', subject: null, message: 'Good.', action: null },
    ],
  })
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text.indexOf('Good. (a.good)')).toBeLessThan(text.indexOf('PROBLEM'))
  expect(text).toMatch(/PROBLEM {2}account shop: word[\s\S]*\(a\.bad\)\n {9}-> word/)
  expect(text).toMatch(/1 problem, 0 warnings, 1 fine\.$/)
})
