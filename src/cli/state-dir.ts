import { isAbsolute, join, resolve } from 'node:path'
import { expandHome } from '../storage/files/expand-home.ts'
import { homeDirectory } from '../storage/files/home-directory.ts'
import { CommandFailure } from './command-failure.ts'

/**
 * The state directory: `--state-dir`, then `WHATSAPPD_STATE_DIR`, then `$XDG_STATE_HOME/whatsappd`, then
 * `~/.local/state/whatsappd`. Absolute. Never from the config file, so that a broken one hides nothing. Throws as
 * `expandHome`, and `CommandFailure` where none is named and there is no home directory.
 */
export function resolveStateDir(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = option ?? env['WHATSAPPD_STATE_DIR']
  if (named !== undefined && named !== '') return resolve(expandHome(named, env))
  const stateHome = env['XDG_STATE_HOME']
  // The XDG specification has relative paths ignored.
  if (stateHome !== undefined && isAbsolute(stateHome)) return join(stateHome, 'whatsappd')
  const home = homeDirectory(env)
  if (home !== null) return join(home, '.local', 'state', 'whatsappd')
  throw new CommandFailure(
    'there is no home directory for the state: HOME is not set, and the user has no entry in /etc/passwd; ' +
      'name a directory with --state-dir or WHATSAPPD_STATE_DIR',
  )
}
