import type { FileHandle } from 'node:fs/promises'
import { openAgentFile } from '../files/open-agent-file.ts'
import type { ProgramHost } from './program-host.ts'
import { workingDirectory } from './working-directory.ts'

/** Opens a file in the working directory of a program, `named` or its own. Rejects as `openAgentFile` and `workingDirectory`. */
export async function openProgramFile(
  named: string | undefined,
  host: ProgramHost,
  path: string,
): Promise<FileHandle> {
  return openAgentFile(workingDirectory(named, host, { create: false }), path, host.stateDirectory)
}
