import type { Topic } from '../../../protocol/events.ts'
import type { CommandContext } from '../../command-context.ts'
import type { CommonOptions } from '../../common-options.ts'
import { resolveStateDir } from '../../state-dir.ts'
import type { DaemonConnection } from './daemon-connection.ts'

/**
 * Does `work` with a connection to the running daemon, which is closed afterwards. `topics` are the events that it wants; none by
 * default. Throws `CommandFailure` when no daemon runs or another program answers, and what `work` throws.
 */
export async function withDaemon<Result>(
  context: CommandContext,
  options: CommonOptions,
  work: (daemon: DaemonConnection) => Promise<Result>,
  topics: Topic[] = [],
): Promise<Result> {
  // Loaded here, so that help and usage errors load no client.
  const { connectToDaemon } = await import('./daemon-connection.ts')
  const daemon = await connectToDaemon(resolveStateDir(options.stateDir, context.env), topics)
  try {
    return await work(daemon)
  } finally {
    daemon.client.close()
  }
}
