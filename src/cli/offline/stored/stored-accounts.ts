import { join } from 'node:path'
import type { Config } from '../../../config/model.ts'
import { SecretReader } from '../../../config/secrets/secret-reader.ts'
import { OutboundNetwork } from '../../../network/outbound-network.ts'
import type { Logger } from '../../../observability/log/logger.ts'
import { CommandFailure } from '../../command-failure.ts'
import { openStoredAccount, type StoredAccount } from './open-stored-account.ts'

export interface StoredAccounts {
  directoryOf(account: string): string
  /** Throws `CommandFailure` where another process has it, and `StorageError`. */
  open(account: string): StoredAccount
}

/** The accounts of a config, for a command that runs while no daemon does. Nothing of them is started. */
export async function storedAccounts(input: {
  config: Config
  stateDir: string
  env: NodeJS.ProcessEnv
  logger: Logger
}): Promise<StoredAccounts> {
  const { config: current, stateDir, env, logger } = input
  const { linkImporter: importer, transportKinds } = await import('../../../daemon.ts')
  const parts = {
    config: { current, running: current.daemon },
    secrets: new SecretReader({ env, logger }),
    network: directNetwork(env, logger),
    logger,
  }
  const directoryOf = (account: string): string =>
    current.accounts[account]?.authDir ?? join(stateDir, 'accounts', account)
  return {
    directoryOf,
    open: (account) => {
      const config = current.accounts[account]
      if (config === undefined) throw new CommandFailure(`the config has no account ${account}`)
      return usable(account, () =>
        openStoredAccount({
          account,
          directory: directoryOf(account),
          config,
          running: current.daemon,
          transports: {
            'linked-device': transportKinds.linkedDevices({ ...parts, stateDir }),
            'cloud-api': transportKinds.cloudApi({
              ...parts,
              registry: () => ({ list: () => [], directoryOf }),
            }),
          },
          importer,
          env,
          logger,
        }),
      )
    },
  }
}

/** Nothing is asked over it: what is read is on this disk. */
function directNetwork(env: NodeJS.ProcessEnv, logger: Logger): OutboundNetwork {
  return new OutboundNetwork({ settings: () => ({ proxy: null, noProxy: [], caFile: null }), env, logger })
}

/** Throws `CommandFailure` where another process has the account, and `StorageError`. */
function usable(account: string, work: () => StoredAccount): StoredAccount {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'LockHeldError') throw error
    throw new CommandFailure(
      `${account}: the account is in use (${error.message}); ask the daemon that has it, with its --state-dir`,
      { cause: error },
    )
  }
}
