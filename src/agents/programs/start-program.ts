import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AgentError } from '../agent-error.ts'
import { findProgram, refuseForeignWriter } from './find-program.ts'
import { programEnvironment } from './program-environment.ts'
import type { ProgramHost } from './program-host.ts'
import { type Child, RunningProgram } from './running-program.ts'
import { workingDirectory } from './working-directory.ts'

/** As the entry of an agent names it. Nothing that people write stands in it. */
export interface ProgramRequest {
  program: string
  args: readonly string[]
  /** Besides PATH, LANG and HOME of the daemon. */
  environment: Readonly<Record<string, string>>
  workingDirectory?: string | undefined
}

/** What a start would run, and where. */
export interface JudgedProgram {
  path: string
  directory: string
}

/**
 * Starts a program: an argument list without a shell, in a process group of its own, with a small environment, in its working
 * directory. Throws `AgentError` (`misconfigured`) with a cure where it cannot be started, or where other users can change it.
 */
export async function startProgram(request: ProgramRequest, host: ProgramHost): Promise<RunningProgram> {
  const { path, directory } = judgeProgram(request, host, { create: true })
  let child: Child
  try {
    child = spawn(path, [...request.args], {
      cwd: directory,
      env: programEnvironment(host.environment, request.environment),
      stdio: ['pipe', 'pipe', 'pipe'],
      // A session and a group of its own, so that it ends with its children.
      detached: true,
    })
    const spawned = once(child, 'spawn')
    // Rejected below; nothing may come between, and an error that nobody hears ends the daemon.
    spawned.catch(() => {})
    // A child that was not started has no pipes where the files ran out, and never emits its exit.
    if (child.pid === undefined) await spawned
    const program = new RunningProgram(child)
    await spawned
    return program
  } catch (error) {
    throw toStartError(error, host)
  }
}

/** Everything that a start looks at, without one. With `create` the agent's own directory is created. Throws as `startProgram`. */
export function judgeProgram(
  request: Pick<ProgramRequest, 'program' | 'args' | 'workingDirectory'>,
  host: ProgramHost,
  options: { create: boolean },
): JudgedProgram {
  const path = findProgram(request.program, host)
  const directory = workingDirectory(request.workingDirectory, host, options)
  // An interpreter runs the file that an argument names.
  for (const argument of request.args) {
    const file = resolve(directory, argument)
    if (isFile(file)) refuseForeignWriter(file, { setting: 'args', value: argument }, host)
  }
  return { path, directory }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // No path at all, such as an option, or none that can be read.
    return false
  }
}

const CURES: Readonly<Record<string, (place: string) => string>> = {
  ENOEXEC: (place) =>
    `The file that ${place} names is no program of this system; a script begins with a line such as #!/bin/sh.`,
  ENOENT: (place) =>
    `What the first line of the script that ${place} names (#!…) is not there: correct it, or install that program.`,
  EACCES: (place) =>
    `The system forbids to run what ${place} names: its disk may be mounted with noexec, or its interpreter may not be executable.`,
  E2BIG: (place) => `Shorten args and environment beside ${place}.`,
  EAGAIN: () => 'The user of the daemon has too many processes: end some, or raise the limit (ulimit -u).',
  EMFILE: () => 'The daemon has too many open files: raise the limit (ulimit -n).',
  ENFILE: () =>
    'The system has too many open files: end some programs, or raise the limit (sysctl fs.file-max).',
}

/** Only the system's code: its message quotes the arguments. */
function toStartError(error: unknown, { id }: ProgramHost): AgentError {
  const { code } = error as { code?: unknown }
  const name = typeof code === 'string' ? code : 'unknown error'
  return new AgentError('misconfigured', `the program of agent "${id}" cannot be started (${name})`, {
    action: CURES[name]?.(`agents.${id}.program`) ?? `Check agents.${id}.program, args and environment.`,
  })
}
