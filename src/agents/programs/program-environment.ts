import { homeDirectory } from '../../storage/files/home-directory.ts'

/** What a program sees of the daemon's own environment; its home directory besides. */
const PASSED_ON = ['PATH', 'LANG'] as const
/** Of ours: tokens, keys and numbers are among them. No entry may give a program a variable of these names. */
const OURS = /^(?:WHATSAPP|AUTH_)/i

/** Whether a program may be given a variable of this name. */
export function isProgramVariable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name) && !OURS.test(name)
}

/** The environment of a program: PATH, LANG and HOME of the daemon, and what its entry names. Nothing else of the daemon's own. */
export function programEnvironment(
  daemon: NodeJS.ProcessEnv,
  named: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const name of PASSED_ON) {
    const value = daemon[name]
    if (value !== undefined) environment[name] = value
  }
  const home = homeDirectory(daemon)
  if (home !== null) environment['HOME'] = home
  for (const [name, value] of Object.entries(named)) {
    if (isProgramVariable(name)) environment[name] = value
  }
  return environment
}
