import { RequestError } from './request-error.ts'

/**
 * The token that was given, or that its function answers with, within `timeoutMs`. Throws `RequestError`: `unauthorized` where none was
 * given, and when the function fails with an error whose `code` is that (from any bundle): there will be no token; otherwise
 * `token_unavailable`.
 */
export async function obtainToken(
  given: string | (() => string | Promise<string>),
  timeoutMs: number,
): Promise<string> {
  if (given && typeof given === 'string') return given
  // Scripts without types also pass nothing at all.
  if (typeof given !== 'function')
    throw new RequestError('unauthorized', 'No token was given.', { details: { reason: 'invalid_token' } })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), timeoutMs)
  })
  try {
    const token: unknown = await Promise.race([given(), late])
    if (token && typeof token === 'string') return token
    throw new Error('no text')
  } catch (cause) {
    if ((cause as { code?: unknown } | null)?.code === 'unauthorized')
      throw new RequestError('unauthorized', 'This page gets no token any more.', { cause })
    throw new RequestError('token_unavailable', 'This page could not get a token.', {
      action: 'Check your network, or sign in again.',
      retryable: true,
      cause,
    })
  } finally {
    clearTimeout(timer)
  }
}
