/**
 * What `work` settles with, or what `late` answers or throws when that takes longer than `limitMs` milliseconds. The work is not
 * cancelled: what it settles with later is ignored, a rejection too. No timer outlives the answer.
 */
export async function withDeadline<Result, Late>(
  work: Promise<Result>,
  limitMs: number,
  late: () => Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), limitMs)
  })
  try {
    const first = await Promise.race([work, timedOut])
    return first === TIMED_OUT ? late() : first
  } finally {
    clearTimeout(timer)
  }
}

const TIMED_OUT = Symbol('timed out')
