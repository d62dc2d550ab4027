import type { FileHandle } from 'node:fs/promises'
import type { AgentCheck } from '../../agent-check.ts'
import type { ProgramHost } from '../../programs/program-host.ts'
import type { ProgramRequest } from '../../programs/start-program.ts'

/** What both kinds of program need. */
export interface CommandOptions {
  host: ProgramHost
  /** What to start. Throws `AgentError` where a secret of its environment cannot be read. */
  request: () => ProgramRequest
  /** Opens a file of the directory that it works in (`openAgentFile`). */
  openFile: (path: string) => Promise<FileHandle>
  checks: readonly AgentCheck[]
  timeoutSeconds: number
  textFormat: 'plain' | 'markdown'
}
