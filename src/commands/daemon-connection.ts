import { WebSocket } from 'ws'
import { WhatsappdClient } from '../client/client.ts'
import { RequestError } from '../client/request-error.ts'
import { readLocalToken } from '../control/local-token.ts'
import type { Topic } from '../protocol/methods.ts'
import { CommandFailure } from './command-failure.ts'
import { findDaemon, noDaemonFailure } from './daemon-address.ts'

const REQUEST_TIMEOUT_MS = 30_000

export interface DaemonConnection {
  client: WhatsappdClient
  authority: string
  pid: number
}

/**
 * A connected client of the daemon of this state dir, authenticated with its local token. Throws `CommandFailure`
 * when none runs or it does not accept the token. The caller closes the client.
 */
export async function connectToDaemon(stateDir: string, topics: Topic[] = []): Promise<DaemonConnection> {
  const daemon = findDaemon(stateDir)
  if (daemon === null) throw noDaemonFailure(stateDir)
  const client = new WhatsappdClient({
    url: `ws://${daemon.authority}/v1/ws`,
    token: readLocalToken(stateDir),
    WebSocket,
    topics,
    reconnect: false,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  })
  try {
    await client.connect()
    return { client, ...daemon }
  } catch (error) {
    client.close()
    if (!(error instanceof RequestError)) throw error
    if (error.code === 'daemon_offline') throw noDaemonFailure(stateDir, daemon.authority, error)
    if (error.code !== 'unauthorized') throw error
    throw new CommandFailure(
      `the daemon at ${daemon.authority} does not accept the token in ${stateDir}; restart it, or name its own state dir with --state-dir`,
      { cause: error },
    )
  }
}
