import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CONNECTORS } from '../../../agents/registry.ts'
import { RequestError } from '../../../client/request-error.ts'
import { ConfigService } from '../../../config/config-service.ts'
import type { ConfigSource } from '../../../config/model.ts'
import type { Conversations } from '../../../conversations/conversations.ts'
import { conversationsHandlers } from '../../../control/handlers/conversations.ts'
import { createLogger } from '../../../observability/log/logger.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { METHODS, type MethodName, type MethodResult } from '../../../protocol/methods.ts'
import type { CommandContext } from '../../command-context.ts'
import type { CommonOptions } from '../../common-options.ts'
import type { ExportSource } from '../../remote/export/export-source.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { requireConfigFile } from '../require-config-file.ts'
import type { StoredAccount } from './open-stored-account.ts'
import { storedAccounts } from './stored-accounts.ts'

/** Reads the files of accounts while no daemon runs: each is locked, as a daemon locks it, from when it is first read until `close`. */
export interface StoredSource extends ExportSource {
  close(): void
}

/** Throws `CommandFailure` where the config file that is named is not there. */
export async function storedSource(
  context: CommandContext,
  options: CommonOptions & { config?: string },
): Promise<StoredSource> {
  requireConfigFile(options.config, context.env)
  const stateDir = resolveStateDir(options.stateDir, context.env)
  const logger = createLogger({ level: 'silent' })
  const service = new ConfigService({
    configPath: options.config,
    stateDir,
    env: context.env,
    connectors: CONNECTORS,
    logger,
  })
  await service.start()
  await service.stop()
  const { current } = service
  const accounts = await storedAccounts({ config: current, stateDir, env: context.env, logger })
  const opened = new OpenedAccounts((account) => accounts.open(account))
  return {
    client: readingClient(opened, service),
    accounts: () =>
      Promise.resolve(
        Object.keys(current.accounts).filter((id) =>
          existsSync(join(accounts.directoryOf(id), 'account.db')),
        ),
      ),
    copyMedia: async (account, mediaId, path) => {
      const found = opened.of(account).media.find(mediaId)
      if (found === null) return false
      await copyFile(found.path, path, constants.COPYFILE_EXCL)
      return true
    },
    close: () => opened.close(),
  }
}

/** Each is opened once. */
class OpenedAccounts {
  readonly #open: (account: string) => StoredAccount
  readonly #accounts = new Map<string, StoredAccount>()

  constructor(open: (account: string) => StoredAccount) {
    this.#open = open
  }

  /** Throws `CommandFailure` where another process has it, and `StorageError`. */
  of(account: string): Conversations {
    const found = this.#accounts.get(account) ?? this.#open(account)
    this.#accounts.set(account, found)
    return found.conversations
  }

  close(): void {
    for (const { close } of this.#accounts.values()) close()
    this.#accounts.clear()
  }
}

/** The handlers of the daemon, on these accounts. */
function readingClient(
  opened: OpenedAccounts,
  config: Pick<ConfigSource, 'current'>,
): ExportSource['client'] {
  const handlers = conversationsHandlers({
    accounts: {
      conversations: (account) => opened.of(account).admin,
      people: (account) => opened.of(account).people,
      takeover: (account) => opened.of(account).takeover,
    },
    config,
  })
  return {
    request: async <Name extends MethodName>(method: Name, params?: object): Promise<MethodResult<Name>> => {
      // The handlers of this namespace by their names; those that read ask for no session.
      const handler = (handlers as Partial<Record<MethodName, (params: unknown) => unknown>>)[method]
      if (handler === undefined) throw new Error(`${method} needs a running daemon`)
      try {
        return (await handler(METHODS[method].params.parse(params ?? {}))) as MethodResult<Name>
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        throw new RequestError(error.code, error.message, { action: error.action, cause: error })
      }
    },
  }
}
