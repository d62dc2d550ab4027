import { AgentError } from './agent-error.ts'

/** The program behind an agent is away, or went away before it finished a turn: the turn stays open and is asked again when it is back. */
export class AgentAway extends AgentError {
  constructor(message = 'no assistant is attached') {
    super('not_attached', message, { retryable: true })
  }
}
