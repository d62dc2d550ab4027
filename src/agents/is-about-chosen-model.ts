import type { Turn } from './agent.ts'
import { AgentError } from './agent-error.ts'

/** Whether a failure may lie in the model alone that a person chose in a chat: it says nothing of how the agent is for everybody else. */
export function isAboutChosenModel(error: unknown, model: Turn['model']): boolean {
  if (model === null || !(error instanceof AgentError)) return false
  return error.code === 'not_found' || error.code === 'bad_request'
}
