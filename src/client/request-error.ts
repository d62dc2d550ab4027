import type { ErrorCode } from '../protocol/errors.ts'

/** Failures that the client itself reports, beside the daemon's own codes. */
export const CLIENT_ERROR_CODES = [
  'daemon_offline',
  'tunnel_unreachable',
  'websocket_refused',
  'wrong_path',
  'certificate_untrusted',
  'blocked_by_page',
  'websocket_missing',
  'invalid_url',
  'connection_lost',
  'token_expired',
  'token_withdrawn',
  'token_unavailable',
  'timeout',
  'closed',
  'incompatible',
] as const

export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number]

export interface RequestErrorOptions {
  /** What the person can do. */
  action?: string | undefined
  retryable?: boolean | undefined
  details?: Readonly<Record<string, unknown>> | undefined
  cause?: unknown
}

/** Why a request failed: the daemon's error as it came over the wire, or one of `ClientErrorCode`. */
export class RequestError extends Error {
  declare readonly code: ErrorCode | ClientErrorCode
  declare readonly action: string | undefined
  /** Whether the same request can succeed later. */
  declare readonly retryable: boolean
  declare readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode | ClientErrorCode, message: string, options: RequestErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RequestError'
    this.code = code
    this.action = options.action
    this.retryable = options.retryable ?? false
    this.details = options.details
  }
}
