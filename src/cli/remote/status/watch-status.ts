import { setTimeout as delay } from 'node:timers/promises'
import type { EventName, Topic } from '../../../protocol/events.ts'
import type { CommandContext } from '../../command-context.ts'
import type { CommonOptions } from '../../common-options.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { findDaemon, NoDaemonFailure } from '../connection/daemon-address.ts'
import type { DaemonConnection } from '../connection/daemon-connection.ts'
import { withDaemon } from '../connection/with-daemon.ts'
import { readStatus } from './read-status.ts'
import { createStatusView, type StatusView } from './status-view.ts'

const TOPICS: Topic[] = ['account', 'config', 'webhook']
/** What the status is about. Webhooks tell of their problems when they drop something. */
const CHANGES = [
  'account.status',
  'account.removed',
  'config.applied',
  'config.rejected',
  'webhook.dropped',
] as const satisfies EventName[]
/** Changes that come together are shown together. */
const TOGETHER_MS = 100
/** How often it is looked whether a daemon that has ended is back. */
const RETURN_MS = 500

/**
 * Shows the status, and again whenever the daemon says that something changed, until Ctrl-C. A daemon that ends is waited for. Throws
 * `CommandFailure` where none runs at the beginning.
 */
export async function watchStatus(
  context: CommandContext,
  options: CommonOptions & { json?: boolean },
): Promise<void> {
  const { signal } = context
  const stateDir = resolveStateDir(options.stateDir, context.env)
  const view = createStatusView(context, options)
  let hasAnswered = false
  try {
    while (!signal.aborted) {
      try {
        await withDaemon(
          context,
          options,
          (connection) => {
            hasAnswered = true
            return follow(context, connection, view)
          },
          TOPICS,
        )
      } catch (error) {
        if (!hasAnswered || !(error instanceof NoDaemonFailure || isLost(error))) throw error
      }
      if (signal.aborted) return
      await view.show(null)
      await untilDaemon(stateDir, signal)
    }
  } finally {
    view.close()
  }
}

/** Until the connection ends, or Ctrl-C. */
async function follow(
  { signal }: CommandContext,
  connection: DaemonConnection,
  view: StatusView,
): Promise<void> {
  const { client } = connection
  const over = new AbortController()
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal })
    client.on('state', ({ state }) => {
      if (state !== 'ready') resolve()
    })
  })
  try {
    await Promise.race([ended, showChanges(connection, view)])
  } finally {
    over.abort()
  }
}

async function showChanges(connection: DaemonConnection, view: StatusView): Promise<never> {
  let isDue = true
  let wake = (): void => undefined
  for (const name of CHANGES)
    connection.client.on(name, () => {
      isDue = true
      wake()
    })
  for (;;) {
    if (!isDue) await new Promise<void>((resolve) => (wake = resolve))
    isDue = false
    await view.show(await readStatus(connection))
    await delay(TOGETHER_MS)
  }
}

async function untilDaemon(stateDir: string, signal: AbortSignal): Promise<void> {
  do {
    // Also before the first look: one that is ending still has its address there.
    await delay(RETURN_MS, undefined, { signal }).catch(() => undefined)
  } while (!signal.aborted && findDaemon(stateDir) === null)
}

/** A request that ended with the connection. */
function isLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return (
    code === 'connection_lost' ||
    code === 'daemon_offline' ||
    code === 'websocket_refused' ||
    code === 'closed'
  )
}
