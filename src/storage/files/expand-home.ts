import { join } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import { homeDirectory } from './home-directory.ts'

/** `~`, or `~` and a slash; `~name` is another user's home. */
const HOME = /^~(?=$|\/)/

/**
 * The path with the user's home directory in place of a leading `~`, as a shell does where it sees one: a value out of a file, a
 * variable or `--option=~/x` comes without that. Relative paths stay relative. Throws `DaemonError` (`misconfigured`), which says what
 * to write instead, for another user's home (`~alice`), and for `~` where no home directory is known.
 */
export function expandHome(path: string, env: NodeJS.ProcessEnv): string {
  if (!path.startsWith('~')) return path
  if (!HOME.test(path)) {
    const name = path.split('/', 1)[0]
    throw unknownHome(
      `"${name}" is not expanded: write the whole path, or ./${name} for a file or directory of that name.`,
    )
  }
  const home = homeDirectory(env)
  if (home === null)
    throw unknownHome('"~" is used, and no home directory is known: set HOME, or write the whole path.')
  return join(home, path.slice(1))
}

function unknownHome(message: string): DaemonError {
  return new DaemonError('misconfigured', { message })
}
