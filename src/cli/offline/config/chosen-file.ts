import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findConfigFile } from '../../../config/file/find-config-file.ts'
import { homeDirectory } from '../../../storage/files/home-directory.ts'
import type { CommandContext } from '../../command-context.ts'
import { findDaemon } from '../../remote/connection/daemon-address.ts'
import { withDaemon } from '../../remote/connection/with-daemon.ts'
import { resolveStateDir } from '../../state-dir.ts'

const FILE_NAME = 'sandbox.config.json5'

export interface ChosenFile {
  /** Absolute. */
  path: string
  /** Why it is this one, for people. */
  foundBy: string
  /** Others that are there and are not read. */
  passedOver: readonly string[]
}

/** The config file: the one that is named, else that of the running daemon, else as "run" finds it here. */
export async function chooseFile(
  context: CommandContext,
  options: { config?: string; stateDir?: string },
): Promise<ChosenFile> {
  const { env } = context
  const found = findConfigFile({ configPath: options.config, env })
  const followed = options.config === undefined ? await followedFile(context, options) : null
  const path = followed ?? found
  const named = env['SANDBOX_CONFIG'] || undefined
  const foundBy =
    options.config !== undefined
      ? '--config'
      : followed !== null
        ? 'the running daemon, which follows it'
        : named !== undefined
          ? 'SANDBOX_CONFIG'
          : path === join(process.cwd(), FILE_NAME)
            ? 'this directory'
            : 'the home directory'
  const home = homeDirectory(env)
  const others = [
    found,
    join(process.cwd(), FILE_NAME),
    ...(home === null ? [] : [join(home, '.config', 'sandbox', FILE_NAME)]),
  ]
  return {
    path,
    foundBy,
    passedOver: [...new Set(others)].filter((other) => other !== path && existsSync(other)),
  }
}

/** `null` where no daemon runs, or none that can be asked. */
async function followedFile(context: CommandContext, options: { stateDir?: string }): Promise<string | null> {
  try {
    if (findDaemon(resolveStateDir(options.stateDir, context.env)) === null) return null
    return await withDaemon(
      context,
      options,
      async ({ client }) => (await client.request('config.get', {})).path,
    )
  } catch {
    return null
  }
}
