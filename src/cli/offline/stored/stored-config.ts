import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StateDirectory } from '../../../accounts/ownership/state-directory.ts'
import { CONNECTORS } from '../../../agents/registry.ts'
import type { WhatsappdClient } from '../../../client/client.ts'
import { ConfigService } from '../../../config/config-service.ts'
import { configHandlers } from '../../../control/handlers/config.ts'
import type { ClientSession } from '../../../control/handlers/handler.ts'
import { EditBudget } from '../../../control/limits/edit-budget.ts'
import { createLogger, type Logger } from '../../../observability/log/logger.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { METHODS, type MethodName, type MethodResult } from '../../../protocol/methods.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { describeFailure } from '../../describe-failure.ts'
import type { CommonOptions } from '../../common-options.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { requireConfigFile } from '../require-config-file.ts'

export interface StoredConfig {
  /** Answers `config.*`, as the daemon does. Rejects with `DaemonError`. */
  client: Pick<WhatsappdClient, 'request'>
  close(): Promise<void>
}

/** Nobody has connected: what a handler could do to a connection it cannot do here. */
const NO_SESSION: ClientSession = {
  identity: null,
  localAddress: '',
  peer: null,
  authenticate: () => Promise.reject(new DaemonError('unauthorized')),
  subscribe: () => {
    throw new DaemonError('unauthorized')
  },
}

/**
 * The config file while no daemon runs, by the handlers of the daemon. With `edits` the state directory is locked until `close`, so that
 * no daemon starts meanwhile. Throws `CommandFailure` where the file that is named is not there, and where a daemon has the directory.
 */
export async function storedConfig(
  context: CommandContext,
  options: CommonOptions & { config?: string },
  { edits }: { edits: boolean },
): Promise<StoredConfig> {
  const { env } = context
  requireConfigFile(options.config, env)
  const stateDir = resolveStateDir(options.stateDir, env)
  const directory = edits ? lock(stateDir) : null
  const logger = createLogger({ level: 'silent' })
  const config = new ConfigService({
    configPath: options.config,
    stateDir,
    env,
    connectors: CONNECTORS,
    logger,
  })
  const close = async (): Promise<void> => {
    await config.stop()
    directory?.stop()
  }
  try {
    if (edits) config.repair()
    await config.start()
  } catch (error) {
    await close()
    throw error
  }
  return { client: { request: requestOf(config, { env, stateDir, logger }) }, close }
}

interface Surroundings {
  env: NodeJS.ProcessEnv
  stateDir: string
  logger: Logger
}

function requestOf(config: ConfigService, surroundings: Surroundings): StoredConfig['client']['request'] {
  const allowedAgain: [account: string, numbers: readonly string[]][] = []
  const handlers = configHandlers({
    config,
    configPath: () => config.path,
    authReport: () => ({ unusableKeys: new Map(), refusedTokens: [] }),
    editBudget: new EditBudget(() => new Date()),
    blockedNumbers: () => new Set(),
    accounts: { allowAgain: (account, numbers) => void allowedAgain.push([account, numbers]) },
  })
  return async <Name extends MethodName>(method: Name, params?: object): Promise<MethodResult<Name>> => {
    // The handlers of this namespace by their names.
    const table = handlers as Partial<
      Record<MethodName, (params: unknown, session: ClientSession) => unknown>
    >
    const handler = table[method]
    if (handler === undefined) throw new Error(`${method} needs a running daemon`)
    const result = await handler(METHODS[method].params.parse(params ?? {}), NO_SESSION)
    for (const [account, numbers] of allowedAgain.splice(0))
      await allowAgain(config, account, numbers, surroundings)
    return result as MethodResult<Name>
  }
}

/** Numbers of theirs that belong to another WhatsApp account by now are noted in the account's file. Throws `CommandFailure`. */
async function allowAgain(
  { current }: ConfigService,
  account: string,
  numbers: readonly string[],
  { env, stateDir, logger }: Surroundings,
): Promise<void> {
  const directory = current.accounts[account]?.authDir ?? join(stateDir, 'accounts', account)
  if (!existsSync(join(directory, 'account.db'))) return
  try {
    const { storedAccounts } = await import('./stored-accounts.ts')
    const accounts = await storedAccounts({ config: current, stateDir, env, logger })
    const opened = accounts.open(account)
    try {
      opened.allowAgain(numbers)
    } finally {
      opened.close()
    }
  } catch (error) {
    throw new CommandFailure(
      'the config file is changed, but the file of the account could not be opened, where it is noted whose number belongs to somebody else now; ' +
        `repeat it. ${describeFailure(error).line}`,
      { cause: error },
    )
  }
}

/** Throws `CommandFailure` where a daemon has it. */
function lock(stateDir: string): StateDirectory {
  const directory = new StateDirectory(stateDir)
  try {
    directory.start()
    return directory
  } catch (error) {
    if (!(error instanceof DaemonError) || error.code !== 'owner_busy') throw error
    throw new CommandFailure(
      `a daemon has the state directory ${stateDir}, and does not answer: it starts or stops at this moment; try again`,
      { cause: error },
    )
  }
}
