import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { homeDirectory } from '../../../storage/files/home-directory.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { SERVICE_USER } from './find-places.ts'
import { unitText, type UnitPlaces } from './unit-text.ts'

const UNIT = 'whatsappd.service'
const MARK =
  '# Written by "whatsappd install-service", which replaces it. Changes of your own: systemctl edit whatsappd\n'

interface InstallOptions {
  /** Also start it now, or start it again. */
  start: boolean
  /** Replace a unit of that name that somebody else wrote. */
  force: boolean
}

/**
 * Makes user and directories where they are not there, writes the unit, enables it, and starts it. Answers with the unit's path.
 * Throws `CommandFailure`; before anything is written where systemd does not run, or a unit of others has the name.
 */
export function installUnit(context: CommandContext, places: UnitPlaces, options: InstallOptions): string {
  const { env } = context
  const isSystem = places.kind === 'system'
  if (isSystem && process.getuid?.() !== 0)
    throw new CommandFailure('a service of the system is installed by root: use sudo, or --user')
  const systemctl = (...words: string[]): string =>
    runProgram('systemctl', [...(isSystem ? [] : ['--user']), ...words], env)
  try {
    systemctl('show-environment')
  } catch (error) {
    throw new CommandFailure(
      `systemd does not answer here${isSystem ? '' : ' for this user'}: start "whatsappd run" with what this machine has instead; ` +
        'docs/deploy says how for sandboxes and containers',
      { cause: error },
    )
  }
  const file = join(unitDirectory(places, env), UNIT)
  if (existsSync(file) && !options.force && !readFileSync(file, 'utf8').startsWith(MARK))
    throw new CommandFailure(`${file} is not of this command; --force replaces it`)
  if (places.user !== null) makeUser(places.user, env)
  makeDirectories(places, env)
  if (places.user !== null) tryProgram(places, places.user, env)
  mkdirSync(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, MARK + unitText(places), { mode: 0o644 })
  chmodSync(temporary, 0o644)
  renameSync(temporary, file)
  systemctl('daemon-reload')
  systemctl('enable', UNIT)
  // It is ready when it answers; a start that fails is shown by systemctl.
  if (options.start) systemctl('restart', UNIT)
  return file
}

function unitDirectory({ kind }: UnitPlaces, env: NodeJS.ProcessEnv): string {
  if (kind === 'system') return '/etc/systemd/system'
  const named = env['XDG_CONFIG_HOME']
  if (named !== undefined && named.startsWith('/')) return join(named, 'systemd/user')
  const home = homeDirectory(env)
  if (home === null) throw new CommandFailure('there is no home directory for the unit: HOME is not set')
  return join(home, '.config/systemd/user')
}

function makeUser(user: string, env: NodeJS.ProcessEnv): void {
  if (isUser(user, env)) return
  if (user !== SERVICE_USER) throw new CommandFailure(`there is no user ${user}; without --as one is made`)
  const line = `u ${SERVICE_USER} - "whatsappd" /var/lib/whatsappd`
  runProgram('systemd-sysusers', ['--inline', line], env)
}

function isUser(user: string, env: NodeJS.ProcessEnv): boolean {
  try {
    idOf(user, '-u', env)
    return true
  } catch {
    return false
  }
}

const idOf = (user: string, which: '-u' | '-g', env: NodeJS.ProcessEnv): number =>
  Number(runProgram('id', [which, '--', user], env))

function makeDirectories({ user, stateDir, configPath }: UnitPlaces, env: NodeJS.ProcessEnv): void {
  const owner = user === null ? null : ([idOf(user, '-u', env), idOf(user, '-g', env)] as const)
  for (const [directory, mode] of [
    [stateDir, 0o700],
    [dirname(configPath), 0o750],
  ] as const) {
    // What is there already keeps its owner: a daemon that may not write there says so.
    if (existsSync(directory)) continue
    mkdirSync(directory, { recursive: true, mode })
    chmodSync(directory, mode)
    if (owner !== null) chownSync(directory, ...owner)
  }
}

/** A program in somebody's home directory cannot be started by another user, which systemd would show as a bare number. */
function tryProgram({ command }: UnitPlaces, user: string, env: NodeJS.ProcessEnv): void {
  try {
    runProgram('runuser', ['-u', user, '--', ...command.slice(0, -1), '--version'], env)
  } catch (error) {
    throw new CommandFailure(
      `the user ${user} cannot start ${command.slice(-2, -1).join('')} with ${command.slice(0, 1).join('')}: install Node and whatsappd ` +
        'where every user can read them (npm install --global), or name a user who can with --as',
      { cause: error },
    )
  }
}

function runProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, [...words], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string }
    const why = stderr?.trim() || (code === 'ENOENT' ? 'it is not installed' : 'it failed')
    throw new CommandFailure(`${[program, ...words].join(' ')}: ${why}`, { cause: error })
  }
}
