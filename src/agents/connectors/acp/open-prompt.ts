import type { Turn } from '../../agent.ts'
import type { OwnerQuestion } from '../../owner-question.ts'
import { decidePermission, type PermissionOutcome, type Permissions } from './permissions.ts'
import { PromptUpdates } from './prompt-updates.ts'
import type { TurnLimit } from './turn-limit.ts'

/** Questions to an owner while one turn runs; what is asked beyond is rejected. */
const MAX_QUESTIONS = 10

export interface OpenPromptDeps {
  permissions: Permissions
  askOwner: (question: OwnerQuestion) => Promise<boolean>
  agent: string
  limit: TurnLimit
}

/** One question to an agent, for as long as it is being answered. */
export class OpenPrompt {
  readonly turn: Turn
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly updates = new PromptUpdates()
  readonly #deps: OpenPromptDeps
  /** The agent never got it: its program ended, or it had forgotten the session. */
  isLost = false
  #questions = 0

  constructor(turn: Turn, signal: AbortSignal, deps: OpenPromptDeps) {
    this.turn = turn
    this.signal = signal
    this.#deps = deps
  }

  /** Decides about a tool call that the agent asks for. Never rejects. */
  async permit(
    request: Record<string, unknown>,
    toolCall: Record<string, unknown>,
  ): Promise<PermissionOutcome> {
    const { permissions, askOwner } = this.#deps
    // Some tell of a tool call by this question alone.
    this.updates.markStarted()
    const known = this.updates.toolCall(toolCall)
    const ask = (action: string): Promise<boolean> => this.#ask(askOwner, action)
    const outcome = await decidePermission(permissions, { toolCall: known, options: request['options'] }, ask)
    return this.signal.aborted ? { outcome: 'cancelled' } : outcome
  }

  async #ask(askOwner: (question: OwnerQuestion) => Promise<boolean>, action: string): Promise<boolean> {
    this.#questions += 1
    if (this.#questions > MAX_QUESTIONS || this.signal.aborted) return false
    const { agent, limit } = this.#deps
    const question = { agent, turn: this.turn, action, signal: this.signal }
    return limit.during(askOwner(question).catch(() => false))
  }
}
