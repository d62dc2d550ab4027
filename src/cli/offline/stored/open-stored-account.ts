import type { Logger } from 'pino'
import { chooseTransport } from '../../../accounts/life/choose-transport.ts'
import { openAccount } from '../../../accounts/life/open-account.ts'
import { readHostIdentity } from '../../../accounts/ownership/host-identity.ts'
import type { AccountConfig, Config } from '../../../config/model.ts'
import type { Conversations } from '../../../conversations/conversations.ts'
import { AccountCounts } from '../../../observability/metrics/account-counts.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import type { LinkImporter, Transports } from '../../../transports/link.ts'

export interface StoredAccount {
  /** To be read alone: nothing of it was started. */
  conversations: Conversations
  /** Allows whoever has these numbers, E.164, now; on disk once it is closed. Throws `StorageError`. */
  allowAgain(phoneNumbers: readonly string[]): void
  /** Gives the lock back. */
  close(): void
}

/**
 * Opens an account's file as a daemon does, under its lock, and starts nothing: no link, no turn, nothing that sends. Throws `LockHeldError`
 * where another process has it, and `StorageError`.
 */
export function openStoredAccount(input: {
  account: string
  directory: string
  config: AccountConfig
  running: Config['daemon']
  transports: Transports
  importer: LinkImporter
  env: NodeJS.ProcessEnv
  logger: Logger
}): StoredAccount {
  const { account, directory, config, running, transports, importer, env, logger } = input
  const needsDaemon = (): never => {
    throw new DaemonError('internal_error', { message: 'Only a running daemon can do that.' })
  }
  const ignore = (): void => undefined
  const { conversations, link, close } = openAccount({
    directory,
    host: readHostIdentity(running.instanceId, env),
    mustExist: true,
    transports,
    chooseTransport: (files) => chooseTransport(config, transports, files),
    importer,
    link: {
      account,
      logger,
      now: Date.now,
      random: () => 0,
      allowedNumbers: () => [],
      listedNumbers: () => [],
      readsGroup: () => false,
      events: { changed: ignore, offered: ignore, passkeyMoved: ignore, storageFailed: ignore },
    },
    conversations: {
      account,
      config: () => config,
      allowPerson: needsDaemon,
      agentFor: needsDaemon,
      redactor: needsDaemon,
      transcribe: needsDaemon,
      audio: { toVoice: needsDaemon },
      publish: ignore,
      counts: new AccountCounts(),
      eraseEvents: ignore,
      attentionChanged: ignore,
      logger,
      now: () => new Date(),
      random: () => 0,
    },
  })
  return { conversations, allowAgain: (phoneNumbers) => link.allowAgain(phoneNumbers), close }
}
