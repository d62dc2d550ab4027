import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { homeDirectory } from '../../storage/files/home-directory.ts'
import { quoted } from '../../storage/files/quoted.ts'
import { refuseLooseDirectory } from '../../storage/files/private-directory.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { AgentError } from '../agent-error.ts'
import { placeOf, refuseForeignWriter, wholePath } from './find-program.ts'
import type { ProgramHost } from './program-host.ts'

/**
 * Where the program of an agent works: `workingDirectory`, which must be there, or a directory of its own that no other user can enter,
 * `$XDG_DATA_HOME/whatsappd/agents/<account>/<id>`. It is created with `create`; without it the path is answered that it would have.
 * Never inside the state directory. Throws `AgentError` (`misconfigured`) with a cure.
 */
export function workingDirectory(
  named: string | undefined,
  host: ProgramHost,
  { create }: { create: boolean },
): string {
  const path = named === undefined ? ownDirectory(host, create) : namedDirectory(named, host)
  refuseStateDirectory(path, host)
  return path
}

function namedDirectory(named: string, host: ProgramHost): string {
  const setting = { setting: 'workingDirectory', value: named } as const
  const path = wholePath(setting, host)
  if (!isDirectory(path))
    throw refused(
      `the working directory of agent "${host.id}" is not there, or not open to the user of the daemon`,
      `Create the directory that ${placeOf(setting, host)} names, or correct it.`,
    )
  refuseForeignWriter(path, setting, host)
  return path
}

function ownDirectory(host: ProgramHost, create: boolean): string {
  const base = dataDirectory(host)
  const names = ['whatsappd', 'agents', host.account, host.id]
  try {
    if (create) mkdirSync(join(base, ...names), { recursive: true, mode: 0o700 })
    for (let depth = 1; depth <= names.length; depth += 1)
      refuseLink(join(base, ...names.slice(0, depth)), host)
    const path = join(base, ...names)
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      refuseLooseDirectory(path)
      refuseForeignWriter(path, { setting: 'workingDirectory', value: path }, host)
    }
    return path
  } catch (error) {
    if (error instanceof AgentError) throw error
    const detail = error instanceof StorageError ? error.detail : (error as Error).message
    throw refused(
      `the working directory of agent "${host.id}" cannot be used`,
      `${detail}. Another one can be named in agents.${host.id}.workingDirectory.`,
    )
  }
}

function dataDirectory(host: ProgramHost): string {
  const { environment, id } = host
  const data = environment['XDG_DATA_HOME']
  // The XDG specification has relative paths ignored.
  if (data !== undefined && isAbsolute(data)) return data
  const home = homeDirectory(environment)
  if (home !== null) return join(home, '.local', 'share')
  throw refused(
    `there is no home directory for the working directory of agent "${id}"`,
    `Set HOME where the daemon starts, or name a directory in agents.${id}.workingDirectory.`,
  )
}

/** A link could lead the program to a directory that nobody has judged. */
function refuseLink(path: string, { id }: ProgramHost): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw refused(
    `the working directory of agent "${id}" lies behind a symbolic link`,
    `Replace ${path} by a directory (rm ${quoted(path)}), or name the directory itself in agents.${id}.workingDirectory.`,
  )
}

/** The state directory holds the link's keys: what works there could write over them by mistake. */
function refuseStateDirectory(path: string, { id, stateDirectory }: ProgramHost): void {
  const inside = relative(realPath(stateDirectory), realPath(path))
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) return
  throw refused(
    `the working directory of agent "${id}" is inside the state directory`,
    `Name another directory in agents.${id}.workingDirectory: ${quoted(stateDirectory)} belongs to the daemon alone.`,
  )
}

/** Without symbolic links, as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = resolve(path, '..')
    return parent === path ? path : join(realPath(parent), relative(parent, path))
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function refused(message: string, action: string): AgentError {
  return new AgentError('misconfigured', message, { action })
}
