import { withDeadline } from '../../src/timing/deadline.ts'

/** Longer than anything takes on a busy machine, and shorter than a test may take. */
const LIMIT_MS = 60_000

/** What `awaited` settles with; rejects after a minute with what never came. */
export function inTime<Result>(what: string, awaited: Promise<Result>, limitMs = LIMIT_MS): Promise<Result> {
  return withDeadline<Result, never>(awaited, limitMs, () => {
    throw new Error(`waited in vain for ${what}`)
  })
}
