import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expandHome } from '../../storage/files/expand-home.ts'

const FILE_NAME = 'sandbox.config.json5'

/**
 * The config file: `--config`, then `SANDBOX_CONFIG`, then `./sandbox.config.json5`, then
 * `~/.config/sandbox/sandbox.config.json5`. Absolute. Where none exists, the one to create at the first edit. Throws as `expandHome`.
 */
export function findConfigFile(options: {
  configPath?: string | undefined
  env: NodeJS.ProcessEnv
  workingDirectory?: string
}): string {
  const workingDirectory = options.workingDirectory ?? process.cwd()
  const named = options.configPath ?? (options.env['SANDBOX_CONFIG'] || undefined)
  if (named !== undefined) return resolve(workingDirectory, expandHome(named, options.env))
  const here = join(workingDirectory, FILE_NAME)
  const atHome = join(options.env['HOME'] || homedir(), '.config', 'sandbox', FILE_NAME)
  return existsSync(here) ? here : existsSync(atHome) ? atHome : here
}
