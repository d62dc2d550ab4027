import { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import { readLocalToken } from '../../../control/auth/local-token.ts'
import type { Topic } from '../../../protocol/events.ts'
import { CommandFailure } from '../../command-failure.ts'
import { findDaemon, noDaemonFailure } from './daemon-address.ts'
import { provenWebSocket } from './proven-web-socket.ts'

const REQUEST_TIMEOUT_MS = 30_000

export interface DaemonConnection {
  client: WhatsappdClient
  /** Of the program that runs; `null` where it does not say. */
  version: string | null
  authority: string
  pid: number
}

/**
 * A connected client of the daemon of this state dir, which has proven its identity before it gets the local
 * token, or what `tokenFrom` makes of it. Throws `CommandFailure` when none runs or another program answers. The caller closes the client.
 */
export async function connectToDaemon(
  stateDir: string,
  topics: Topic[] = [],
  tokenFrom: (localToken: string) => string | Promise<string> = (localToken) => localToken,
): Promise<DaemonConnection> {
  const daemon = findDaemon(stateDir)
  if (daemon === null) throw noDaemonFailure(stateDir)
  const localToken = readLocalToken(stateDir)
  let isRefused = false
  let version: string | null = null
  const client = new WhatsappdClient({
    url: `ws://${daemon.authority}/v1/ws`,
    token: () => tokenFrom(localToken),
    WebSocket: provenWebSocket(
      localToken,
      () => (isRefused = true),
      (greeted) => (version = greeted),
    ),
    topics,
    reconnect: false,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  })
  try {
    await client.connect()
    return { client, version, ...daemon }
  } catch (error) {
    client.close()
    if (isRefused) throw impostorFailure(stateDir, daemon.authority, error)
    if (!(error instanceof RequestError)) throw error
    if (error.code === 'daemon_offline') throw noDaemonFailure(stateDir, daemon.authority, error)
    // The client's own advice is about the origin of pages.
    if (error.code === 'websocket_refused') throw refusedFailure(daemon.authority, error)
    if (error.code !== 'unauthorized') throw error
    throw new CommandFailure(
      `the daemon at ${daemon.authority} does not accept the token in ${stateDir}; restart it, or name its own state dir with --state-dir`,
      { cause: error },
    )
  }
}

function refusedFailure(authority: string, cause: unknown): CommandFailure {
  return new CommandFailure(
    `the daemon at ${authority} answers, but took no connection: it is stopping, or very many programs connect to it at once; try again`,
    { cause },
  )
}

function impostorFailure(stateDir: string, authority: string, cause: unknown): CommandFailure {
  return new CommandFailure(
    `what answers at ${authority} does not prove that it is the daemon of the state dir ${stateDir}, so nothing was sent to it: ` +
      'it is another program, a daemon with another state dir, or one of an earlier version; restart the daemon (whatsappd run), or name its own state dir with --state-dir',
    { cause },
  )
}
