import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { findConfigFile } from '../../../config/file/find-config-file.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { resolveStateDir } from '../../state-dir.ts'
import type { UnitPlaces } from './unit-text.ts'

/** The user of a system service that names no other. */
export const SERVICE_USER = 'whatsappd'

/** The same as in the first lines of `dist/main.js`: a small young generation keeps an idle daemon small. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1', '--'] as const

const HOMES = ['/home/', '/root/', '/run/user/'] as const

export interface InstallServiceOptions {
  user?: boolean
  system?: boolean
  as?: string
  config?: string
  stateDir?: string
  plain?: boolean
}

/**
 * Where everything is for the service that the options name. A system service has its files in `/var/lib/whatsappd` and
 * `/etc/whatsappd`, a user's own where `whatsappd run` looks for them. Throws `CommandFailure` where that cannot be told.
 */
export function findPlaces(context: CommandContext, options: InstallServiceOptions): UnitPlaces {
  const isSystem = options.system === true || (options.user !== true && process.getuid?.() === 0)
  if (options.user === true && options.system === true)
    throw new CommandFailure('a service is either of the system or of a user: leave out --user or --system')
  if (!isSystem && options.as !== undefined)
    throw new CommandFailure('the service of a user runs as that user: --as is for a service of the system')
  const program = join(context.packageRoot, 'dist', 'main.js')
  if (!existsSync(program)) throw new CommandFailure(`${program} is not there: build it with "make build"`)
  const command = [process.execPath, ...NODE_FLAGS, program, 'run']
  const stateDir = isSystem
    ? resolve(options.stateDir ?? '/var/lib/whatsappd')
    : resolveStateDir(options.stateDir, context.env)
  const configPath =
    options.config === undefined && isSystem
      ? '/etc/whatsappd/sandbox.config.json5'
      : findConfigFile({ configPath: options.config, env: context.env })
  for (const path of [...command.slice(-2), stateDir, configPath])
    if (/[\n\r]/.test(path)) throw new CommandFailure(`a unit cannot name a path with a line break: ${path}`)
  return {
    kind: isSystem ? 'system' : 'user',
    user: isSystem ? (options.as ?? SERVICE_USER) : null,
    command,
    stateDir,
    configPath,
    path: isSystem ? null : searchPath(context.env['PATH']),
    needsHome: [process.execPath, program, stateDir, configPath].some((path) =>
      HOMES.some((home) => path.startsWith(home)),
    ),
    isPlain: options.plain === true,
  }
}

/** What a person finds in a terminal, the service finds too: programs of agents are often in the home directory. */
function searchPath(path: string | undefined): string | null {
  const absolute = (path ?? '').split(':').filter((entry) => isAbsolute(entry) && !/[\n\r]/.test(entry))
  return absolute.length > 0 ? [...new Set(absolute)].join(':') : null
}
