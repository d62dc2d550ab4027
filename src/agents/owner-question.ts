import type { Turn } from './agent.ts'

/** An action of an agent that an owner of the account may allow or not. */
export interface OwnerQuestion {
  /** The agent's id in the config. */
  agent: string
  /** In which it wants to do that. */
  turn: Pick<Turn, 'id' | 'account' | 'conversation' | 'conversationId' | 'isGroup' | 'sender'>
  /** What it is about to do, whole: lines without characters that show nothing, and without backquotes. */
  action: string
  /** Aborted when the turn is over: the answer is no then. */
  signal: AbortSignal
}
