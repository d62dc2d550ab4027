import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { expandHome } from '../storage/files/expand-home.ts'

/**
 * The state directory: `--state-dir`, then `WHATSAPPD_STATE_DIR`, then `$XDG_STATE_HOME/whatsappd`, then
 * `~/.local/state/whatsappd`. Absolute. Never from the config file, so that a broken one hides nothing. Throws as
 * `expandHome`.
 */
export function resolveStateDir(option: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = option ?? env['WHATSAPPD_STATE_DIR']
  if (named !== undefined && named !== '') return resolve(expandHome(named, env))
  const stateHome = env['XDG_STATE_HOME']
  // The XDG specification has relative paths ignored.
  if (stateHome !== undefined && isAbsolute(stateHome)) return join(stateHome, 'whatsappd')
  const home = env['HOME']
  return join(home !== undefined && home !== '' ? home : homedir(), '.local', 'state', 'whatsappd')
}
