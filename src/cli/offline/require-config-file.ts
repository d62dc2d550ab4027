import { existsSync } from 'node:fs'
import { findConfigFile } from '../../config/file/find-config-file.ts'
import { CommandFailure } from '../command-failure.ts'

/** A daemon makes the config file that is not there; here its name is wrong, and accounts would be looked for elsewhere. Throws `CommandFailure`. */
export function requireConfigFile(configPath: string | undefined, env: NodeJS.ProcessEnv): void {
  if (configPath === undefined) return
  const path = findConfigFile({ configPath, env })
  if (!existsSync(path)) throw new CommandFailure(`there is no config file ${path}`)
}
