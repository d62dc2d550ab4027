import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/**
 * The program of this name in the first directory of PATH that has it, as a shell finds it; `null` where none has. Directories that
 * are no whole paths are left out: what they hold depends on where the daemon was started.
 */
export function lookUpProgram(name: string, { PATH = '' }: NodeJS.ProcessEnv): string | null {
  const directories = PATH.split(':').filter((directory) => isAbsolute(directory))
  const paths = directories.map((directory) => join(directory, name))
  return paths.find((path) => isFile(path) && isExecutable(path)) ?? null
}

/** Whether the user of the daemon may run the file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // Not there, or behind a directory that cannot be entered.
    return false
  }
}
