import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expandHome } from '../../storage/files/expand-home.ts'
import { homeDirectory } from '../../storage/files/home-directory.ts'

const FILE_NAME = 'sandbox.config.json5'

/**
 * The config file: `--config`, then `SANDBOX_CONFIG`, then `./sandbox.config.json5`, then
 * `~/.config/sandbox/sandbox.config.json5` where there is a home directory. Absolute. Where none exists, the one to create at the first edit. Throws as `expandHome`.
 */
export function findConfigFile(options: {
  configPath?: string | undefined
  env: NodeJS.ProcessEnv
  workingDirectory?: string
}): string {
  const workingDirectory = options.workingDirectory ?? currentDirectory()
  const named = options.configPath ?? (options.env['SANDBOX_CONFIG'] || undefined)
  if (named !== undefined) return resolve(workingDirectory, expandHome(named, options.env))
  const here = join(workingDirectory, FILE_NAME)
  const home = homeDirectory(options.env)
  if (home === null || existsSync(here)) return here
  const atHome = join(home, '.config', 'sandbox', FILE_NAME)
  return existsSync(atHome) ? atHome : here
}

/** The root where the directory in which the process was started has been removed. */
function currentDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return '/'
  }
}
