import { expect, it } from 'vitest'
import { parseCounts, totalOf } from '../../bench/probes/system-calls.ts'

it('reads how often each system call was made, with errors and without', () => {
  const counts = parseCounts(
    [
      'strace: Process 4711 attached with 8 threads',
      '% time     seconds  usecs/call     calls    errors syscall',
      '------ ----------- ----------- --------- --------- ----------------',
      ' 62.96    0.000119           2        51         7 futex',
      ' 37.04    0.000070           4        16           pwrite64',
      '------ ----------- ----------- --------- --------- ----------------',
      '100.00    0.000189           2        67         7 total',
    ].join('\n'),
  )
  expect(counts).toEqual({ futex: 51, pwrite64: 16 })
  expect(totalOf(counts)).toBe(67)
})
