import { isRecord } from '../protocol/is-record.ts'
import { RequestError } from './request-error.ts'
import type { ErrorCode } from '../protocol/errors.ts'

/** A frame of the daemon, told apart by shape. `id` and `params` are still what came over the wire. */
export type ParsedFrame =
  | { kind: 'result'; id: unknown; result: unknown }
  | { kind: 'error'; id: unknown; error: RequestError }
  | { kind: 'notification'; method: string; params: Record<string, unknown> }

/**
 * Reads one text frame; `null` for anything that is not one of the daemon's frames. By hand and shallow: the daemon
 * checks every frame it sends against its schema, and the browser bundle carries no validator.
 */
export function parseFrame(data: unknown): ParsedFrame | null {
  if (typeof data !== 'string') return null
  let frame: unknown
  try {
    frame = JSON.parse(data)
  } catch {
    return null
  }
  if (!isRecord(frame) || frame['jsonrpc'] !== '2.0') return null
  if (typeof frame['method'] === 'string') {
    const params = frame['params']
    return isRecord(params) ? { kind: 'notification', method: frame['method'], params } : null
  }
  if ('result' in frame) return { kind: 'result', id: frame['id'], result: frame['result'] }
  if (isRecord(frame['error'])) {
    return { kind: 'error', id: frame['id'], error: toRequestError(frame['error']) }
  }
  return null
}

function toRequestError(error: Record<string, unknown>): RequestError {
  const data = isRecord(error['data']) ? error['data'] : {}
  // The daemon's table is closed and frozen; a code of a newer daemon is shown like any other.
  const code = (typeof data['code'] === 'string' ? data['code'] : 'internal_error') as ErrorCode
  return new RequestError(
    code,
    typeof error['message'] === 'string' ? error['message'] : 'The request failed.',
    {
      action: typeof data['action'] === 'string' ? data['action'] : undefined,
      retryable: data['retryable'] === true,
      details: isRecord(data['details']) ? data['details'] : undefined,
    },
  )
}
