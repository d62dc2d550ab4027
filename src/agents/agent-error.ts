export type AgentErrorCode =
  | 'unreachable'
  | 'unauthorized'
  | 'not_found'
  | 'rate_limited'
  | 'bad_request'
  | 'server_error'
  | 'bad_answer'
  | 'interrupted'
  | 'timeout'
  | 'misconfigured'

/**
 * Why an assistant could not answer, in words for the person who runs it. Never contains a key, a prompt or free
 * text of the server: servers quote keys and questions in their errors.
 */
export class AgentError extends Error {
  readonly code: AgentErrorCode
  /** Whether the same request may succeed a moment later. */
  readonly retryable: boolean
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(
    code: AgentErrorCode,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | null } = {},
  ) {
    super(message)
    this.name = 'AgentError'
    this.code = code
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
