import { expect } from 'vitest'

/** What a quadratic time exceeds, which is sixteen times as long for four times the input, and a linear one never comes near. */
const MOST_GROWTH = 9

/**
 * Fails where the processor time of `work` grows much faster than the length that it is given. A slow or busy machine alone never makes
 * it fail: what takes less than `suspiciousMs` passes at once, anything else is compared with a quarter of the length.
 */
export async function expectLinearGrowth(
  work: (length: number) => unknown,
  length: number,
  suspiciousMs = 1_000,
): Promise<void> {
  const whole = await processorTime(() => work(length))
  if (whole < suspiciousMs) return
  const quarter = await processorTime(() => work(length / 4))
  const growth = whole / Math.max(quarter, 1)
  expect(growth, `${whole.toFixed(0)} ms, ${quarter.toFixed(0)} ms for a quarter of it`).toBeLessThan(
    MOST_GROWTH,
  )
}

/** In milliseconds; what else runs on the machine does not count. */
async function processorTime(work: () => unknown): Promise<number> {
  const { user: userBefore, system: systemBefore } = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage({ user: userBefore, system: systemBefore })
  return (user + system) / 1_000
}
