import { userInfo } from 'node:os'
import { isAbsolute } from 'node:path'

/**
 * The home directory: `HOME`, then the one of the user database. `null` where there is none: in a container the user id
 * is often in no database, and `HOME` is not set.
 */
export function homeDirectory(env: NodeJS.ProcessEnv): string | null {
  const named = env['HOME']
  if (named !== undefined && isAbsolute(named)) return named
  try {
    // Not `homedir()`, which answers with an empty HOME.
    const { homedir } = userInfo()
    return isAbsolute(homedir) ? homedir : null
  } catch {
    return null
  }
}
