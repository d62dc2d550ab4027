/** What `work` settles with, or a rejection with the signal's reason as soon as it is aborted, whatever `work` does. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let abort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    // The reason is what the caller aborted with, an error of its own.
    abort = () => reject(signal.reason as Error)
  })
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
