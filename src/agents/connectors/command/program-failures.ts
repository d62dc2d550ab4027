import { AgentError } from '../../agent-error.ts'
import type { ProgramExit } from '../../programs/running-program.ts'

/** The program of the agent `id` ended, and its answer was not complete. */
export function endedEarly(id: string, { code, signal }: ProgramExit): AgentError {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by the signal ${signal}`
  return new AgentError('program_ended', `the program of agent "${id}" ${how}`, {
    action: `Run what agents.${id}.program names by hand, as the user of the daemon and in its working directory, to see why: what it writes to its error output is not kept.`,
  })
}

/** It says itself that there is no answer. Its words may quote the question. */
export function reportedFailure(id: string): AgentError {
  return new AgentError('server_error', `the program of agent "${id}" reported a failure`, {
    action: `Look into the log of the program that agents.${id}.program names.`,
  })
}

export function tooLong(id: string): AgentError {
  return new AgentError('bad_answer', `the program of agent "${id}" wrote too much for one answer`, {
    action: `Let the program that agents.${id}.program names write less, or look why it does not end.`,
  })
}

/** It reads nothing, or writes nothing, for longer than a question may take: it is ended and started again. */
export function doesNotReact(id: string): AgentError {
  return new AgentError('timeout', `the program of agent "${id}" did not react: it is started again`, {
    action: `Look why the program that agents.${id}.program names hangs.`,
  })
}
