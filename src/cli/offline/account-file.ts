import { join } from 'node:path'
import { CONNECTORS } from '../../agents/registry.ts'
import { ConfigService } from '../../config/config-service.ts'
import { resolveAccount } from '../../control/handlers/resolve-account.ts'
import { createLogger } from '../../observability/log/logger.ts'
import type { CommandContext } from '../command-context.ts'
import type { CommonOptions } from '../common-options.ts'
import { resolveStateDir } from '../state-dir.ts'
import { requireConfigFile } from './require-config-file.ts'

export interface AccountFileOptions extends CommonOptions {
  account?: string
  config?: string
}

/** Where an account of this config keeps what it stores, whether a daemon runs or not. Throws `DaemonError` and `CommandFailure`. */
export async function findAccountFile(
  context: CommandContext,
  options: AccountFileOptions,
): Promise<{ account: string; directory: string; file: string }> {
  requireConfigFile(options.config, context.env)
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
