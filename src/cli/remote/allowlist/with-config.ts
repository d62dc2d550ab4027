import { realpathSync } from 'node:fs'
import type { WhatsappdClient } from '../../../client/client.ts'
import { findConfigFile } from '../../../config/file/find-config-file.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { CommonOptions } from '../../common-options.ts'
import { withDaemon } from '../connection/with-daemon.ts'

export interface ConfigOptions extends CommonOptions {
  config?: string
}

/**
 * Does `work` with the methods `config.*`: of the running daemon, or of the same handlers on the file where none runs. With `edits` no daemon
 * can start meanwhile. Throws `CommandFailure` where the daemon follows another file than `--config` names, and what `work` throws.
 */
export async function withConfig<Result>(
  context: CommandContext,
  options: ConfigOptions,
  edits: boolean,
  work: (client: Pick<WhatsappdClient, 'request'>) => Promise<Result>,
): Promise<Result> {
  try {
    return await withDaemon(context, options, async ({ client }) => {
      await refuseOtherFile(context, options, client)
      return work(client)
    })
  } catch (error) {
    const { NoDaemonFailure } = await import('../connection/daemon-address.ts')
    if (!(error instanceof NoDaemonFailure)) throw error
    const { storedConfig } = await import('../../offline/stored/stored-config.ts')
    const stored = await storedConfig(context, options, { edits })
    try {
      return await work(stored.client)
    } finally {
      await stored.close()
    }
  }
}

async function refuseOtherFile(
  { env }: CommandContext,
  { config }: ConfigOptions,
  client: Pick<WhatsappdClient, 'request'>,
): Promise<void> {
  if (config === undefined) return
  const { path } = await client.request('config.get', {})
  const named = findConfigFile({ configPath: config, env })
  if (path === null || realPath(path) === realPath(named)) return
  throw new CommandFailure(
    `the running daemon follows ${path}, not ${named}; leave --config out, or name the --state-dir of the daemon that follows it`,
  )
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
