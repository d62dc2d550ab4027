const FIRST_CEILING_MS = 500
const LAST_CEILING_MS = 15_000

/**
 * Milliseconds to wait before the attempt that follows `failures` consecutive failures: full jitter under a ceiling
 * that doubles from 500 ms to 15 s. `random` answers in [0, 1).
 */
export function backoffDelayMs(failures: number, random: () => number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 10)
  return Math.round(random() * Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** doublings))
}
