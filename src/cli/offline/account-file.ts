import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECTORS } from '../../agents/registry.ts'
import { ConfigService } from '../../config/config-service.ts'
import { findConfigFile } from '../../config/file/find-config-file.ts'
import { resolveAccount } from '../../control/handlers/resolve-account.ts'
import { createLogger } from '../../observability/log/logger.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { CommonOptions } from '../common-options.ts'
import { resolveStateDir } from '../state-dir.ts'

export interface AccountFileOptions extends CommonOptions {
  account?: string
  config?: string
}

/** Where an account of this config keeps what it stores, whether a daemon runs or not. Throws `DaemonError` and `CommandFailure`. */
export async function findAccountFile(
  context: CommandContext,
  options: AccountFileOptions,
): Promise<{ account: string; directory: string; file: string }> {
  // A daemon makes the file that is not there; here the name is wrong, and the account would be looked for elsewhere.
  if (options.config !== undefined) {
    const path = findConfigFile({ configPath: options.config, env: context.env })
    if (!existsSync(path)) throw new CommandFailure(`there is no config file ${path}`)
  }
  const stateDir = resolveStateDir(options.stateDir, context.env)
  const config = new ConfigService({
    configPath: options.config,
    stateDir,
    env: context.env,
    connectors: CONNECTORS,
    logger: createLogger({ level: 'silent' }),
  })
  await config.start()
  try {
    const account = resolveAccount(config.current, options.account)
    const directory = config.current.accounts[account]?.authDir ?? join(stateDir, 'accounts', account)
    return { account, directory, file: join(directory, 'account.db') }
  } finally {
    await config.stop()
  }
}
