import { AGENT_FAILURES, type AgentFailureCode } from '../protocol/account/agent-failures.ts'

/**
 * Why an assistant could not answer, in words for the person who runs it. Never contains a key, a prompt or free
 * text of the server: servers quote keys and questions in their errors.
 */
export class AgentError extends Error {
  readonly code: AgentFailureCode
  /** What the person can do, with the setting and its value where there is one. */
  readonly action: string
  /** Whether the same request may succeed a moment later. */
  readonly retryable: boolean
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(
    code: AgentFailureCode,
    message: string,
    options: { action?: string | undefined; retryable?: boolean; retryAfterMs?: number | null } = {},
  ) {
    super(message)
    this.name = 'AgentError'
    this.code = code
    this.action = options.action ?? AGENT_FAILURES[code].action
    this.retryable = options.retryable ?? false
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
