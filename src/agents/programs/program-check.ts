import type { AgentCheck } from '../agent-check.ts'
import type { ProgramHost } from './program-host.ts'
import { judgeProgram, type ProgramRequest } from './start-program.ts'

/** Whether the program of an agent is there, can be run, and is safe from other users; nothing is started or created. */
export function programCheck(
  request: Pick<ProgramRequest, 'program' | 'args' | 'workingDirectory'>,
  host: ProgramHost,
): AgentCheck {
  return {
    id: 'agent.program',
    // oxlint-disable-next-line typescript/require-await -- what it throws must be a rejection
    look: async () => {
      judgeProgram(request, host, { create: false })
      return { message: 'The program is there, and no other user can change it.' }
    },
  }
}
