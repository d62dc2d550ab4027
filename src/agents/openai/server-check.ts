import type { AgentCheck } from '../agent-check.ts'
import { AgentError } from '../agent-error.ts'

/** Ways in which a server says that it has no list of models, and so that it is there. */
const NO_LIST: ReadonlySet<string> = new Set(['not_found', 'bad_answer', 'bad_request'])

/**
 * Whether the server is there, takes the key, and offers the model. `models` lists what it offers (`GET /models`); `place` is the setting
 * of the model, as it may be shown.
 */
export function serverCheck(
  models: (signal: AbortSignal) => Promise<string[]>,
  { model, place }: { model: string; place: string },
): AgentCheck {
  return {
    id: 'agent.server',
    look: async (signal) => {
      try {
        const offered = await models(signal)
        // Ollama names the tag, too.
        if (offered.some((name) => name === model || name === `${model}:latest`))
          return { message: 'The server answers, and offers the model.' }
        const advice = `Check ${place}: ask the server which models it has.`
        return { message: 'The server answers, and does not list the model.', advice }
      } catch (error) {
        if (!(error instanceof AgentError) || !NO_LIST.has(error.code)) throw error
        return {
          message: 'A server answers, and lists no models.',
          advice: `${error.action} Some servers have no list: then the first question shows whether all is well.`,
        }
      }
    },
  }
}
