import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECTORS } from '../../agents/registry.ts'
import { ConfigService } from '../../config/config-service.ts'
import { resolveAccount } from '../../control/handlers/resolve-account.ts'
import { createLogger } from '../../observability/log/logger.ts'
import type { CommandContext } from '../command-context.ts'
import { resolveStateDir } from '../state-dir.ts'
import type { AccountFileOptions } from './account-file.ts'
import { requireConfigFile } from './require-config-file.ts'

/** Where an account keeps what it stores. */
export interface AccountFile {
  account: string
  file: string
}

/** The files that are there: of the named account, or of all of this config. Throws `DaemonError` and `CommandFailure`. */
export async function findAccountFiles(
  context: CommandContext,
  options: AccountFileOptions,
): Promise<AccountFile[]> {
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
    const { accounts } = config.current
    const ids =
      options.account === undefined
        ? Object.keys(accounts)
        : [resolveAccount(config.current, options.account)]
    return ids
      .map((account) => ({
        account,
        file: join(accounts[account]?.authDir ?? join(stateDir, 'accounts', account), 'account.db'),
      }))
      .filter(({ file }) => existsSync(file))
  } finally {
    await config.stop()
  }
}
