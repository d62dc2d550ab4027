import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { isPrintable } from '../../protocol/text/printable.ts'
import { expandHome } from '../../storage/files/expand-home.ts'
import { quoted } from '../../storage/files/quoted.ts'
import { AgentError } from '../agent-error.ts'
import { findForeignWriter } from './foreign-writer.ts'
import { isExecutable, lookUpProgram } from './look-up-program.ts'
import type { ProgramHost } from './program-host.ts'

/**
 * The absolute path of the program that `agents.<id>.program` names: a path, or a name that is looked up in PATH. Throws `AgentError`
 * (`misconfigured`) with a cure where it is not there, cannot be run, or can be changed by other users.
 */
export function findProgram(program: string, host: ProgramHost): string {
  const path = program.includes('/') ? namedFile(program, host) : lookUp(program, host)
  refuseForeignWriter(path, { setting: 'program', value: program }, host)
  return path
}

/** A path on which a start depends, by the setting that names it. */
export interface NamedPath {
  setting: 'program' | 'args' | 'workingDirectory'
  /** What is in force of the setting. */
  value: string
}

/** Throws where others can change what is at `path`, with the command that helps. */
export function refuseForeignWriter(path: string, { setting, value }: NamedPath, host: ProgramHost): void {
  const found = findForeignWriter(path)
  if (found === null) return
  const place = `agents.${host.id}.${setting}`
  // A path that refers to a variable is shown as the file has it.
  const isShown = host.shown(setting, value) === value && isPrintable(found.path)
  const culprit = isShown ? found.path : `a directory or file of ${place}`
  const target = isShown ? quoted(found.path) : '<path>'
  const cures = {
    owner: `${culprit} belongs to another user: put it where only you and root can write, and change ${place}.`,
    group: `A group with others in it can write to ${culprit}: chmod g-w ${target}, or put it elsewhere and change ${place}.`,
    everybody: `Everybody can write to ${culprit}: chmod o-w ${target}, or put it elsewhere and change ${place}.`,
  }
  const what = setting === 'workingDirectory' ? 'the working directory' : 'the program'
  throw new AgentError(
    'misconfigured',
    `other users can change ${what} of agent "${host.id}": it is not started`,
    {
      action: cures[found.who],
    },
  )
}

function namedFile(program: string, host: ProgramHost): string {
  const path = wholePath({ setting: 'program', value: program }, host)
  const place = placeOf({ setting: 'program', value: program }, host)
  const stats = statOf(path)
  if (stats === undefined)
    throw refused(
      `the program of agent "${host.id}" does not exist`,
      `Correct ${place}, or install it there.`,
    )
  if (!stats.isFile())
    throw refused(`the program of agent "${host.id}" is not a file`, `Name a file in ${place}.`)
  if (!isExecutable(path))
    throw refused(
      `the program of agent "${host.id}" cannot be run by the user of the daemon`,
      `Make the file of ${place} executable: chmod u+x; its directories must let the daemon's user in.`,
    )
  return path
}

/** The path that a setting names, `~` being the home directory. Throws for one that depends on where the daemon was started. */
export function wholePath(named: NamedPath, host: ProgramHost): string {
  try {
    const path = expandHome(named.value, host.environment)
    if (isAbsolute(path)) return resolve(path)
  } catch {
    // No home directory is known, or it is another user's.
  }
  throw refused(
    `${named.setting} of agent "${host.id}" is no whole path`,
    `Write the whole path in ${placeOf(named, host)}, beginning with /.`,
  )
}

/** `agents.ada.program ("/opt/ada")`. A path that refers to a variable is shown as the file has it. */
export function placeOf({ setting, value }: NamedPath, { id, shown }: ProgramHost): string {
  return `agents.${id}.${setting} (${JSON.stringify(shown(setting, value))})`
}

/** As a shell does. */
function lookUp(program: string, host: ProgramHost): string {
  const found = lookUpProgram(program, host.environment)
  if (found !== null) return found
  const name = JSON.stringify(host.shown('program', program))
  throw refused(
    `the program of agent "${host.id}" is in no directory of the daemon's PATH`,
    `Install ${name}, or write its whole path in agents.${host.id}.program: in your shell "command -v" tells it. A service has a shorter PATH than a shell.`,
  )
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // A directory on the way that cannot be entered, or is none.
    return undefined
  }
}

function refused(message: string, action: string): AgentError {
  return new AgentError('misconfigured', message, { action })
}
