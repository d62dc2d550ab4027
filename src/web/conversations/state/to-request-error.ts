import { RequestError } from '../../../client/request-error.ts'

/** What a request failed with; a fault of this page itself is `internal_error`. */
export function toRequestError(cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause
  return new RequestError('internal_error', 'Something failed on this page.', { cause })
}
