/** Waits for a promise, and rejects when it takes longer; `what` names it then, and `tell` adds what is known. */
export async function within<T>(
  what: string,
  timeoutMs: number,
  promise: Promise<T>,
  tell: () => string = () => '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const known = tell().trim()
      reject(new Error(`${what} took longer than ${timeoutMs} ms${known === '' ? '' : `: ${known}`}`))
    }, timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
