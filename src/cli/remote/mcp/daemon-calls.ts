import { readLocalToken } from '../../../control/auth/local-token.ts'
import { issueOwnToken } from '../../../control/auth/issue-own-token.ts'
import type { CallMethod } from '../../../control/mcp/call-method.ts'
import type { Scope } from '../../../protocol/tokens/scopes.ts'
import { connectToDaemon, type DaemonConnection } from '../connection/daemon-connection.ts'

const TOKEN_SECONDS = 30 * 60
/** A connection is made anew before its token ends. */
const MAX_AGE_MS = 20 * 60_000
/** No call takes longer: then the connection before is closed. */
const LEFT_OPEN_MS = 60_000

/**
 * Calls methods of the daemon of a state dir: with each call it is looked for anew where there is no connection. What goes to it is a
 * token of these scopes, never the local one, by which it is only known to be the daemon.
 */
export class DaemonCalls {
  readonly #stateDir: string
  readonly #scopes: readonly Scope[]
  #opening: Promise<DaemonConnection> | null = null
  #openedAt = 0

  constructor(stateDir: string, scopes: readonly Scope[]) {
    this.#stateDir = stateDir
    this.#scopes = scopes
  }

  /** Rejects with `CommandFailure` when no daemon runs, and with the error that the daemon answers. */
  readonly call: CallMethod = async (method, params) => {
    const { client } = await this.#connected()
    return client.request(method, params)
  }

  /** Where the daemon that has proven its identity takes requests over HTTP, and a token for one. Rejects as `call` does. */
  async http(): Promise<{ authority: string; token: string }> {
    const { authority } = await this.#connected()
    return { authority, token: await this.#token(readLocalToken(this.#stateDir)) }
  }

  /** Idempotent. */
  close(): void {
    closeOf(this.#opening)
    this.#opening = null
  }

  async #connected(): Promise<DaemonConnection> {
    const current = this.#opening
    const connection = await current?.catch(() => null)
    // Of calls that came together the first one connects.
    if (current !== this.#opening) return this.#connected()
    const isOld = Date.now() - this.#openedAt > MAX_AGE_MS
    if (connection?.client.state === 'ready' && !isOld) return connection
    setTimeout(() => closeOf(current), LEFT_OPEN_MS).unref()
    this.#openedAt = Date.now()
    this.#opening = this.#open()
    return this.#opening
  }

  #open(): Promise<DaemonConnection> {
    return connectToDaemon(this.#stateDir, [], (localToken) => this.#token(localToken))
  }

  #token(localToken: string): string | Promise<string> {
    const request = { scopes: this.#scopes, lifetimeSeconds: TOKEN_SECONDS, subject: 'mcp' }
    return issueOwnToken(localToken, request, new Date())
  }
}

function closeOf(opening: Promise<DaemonConnection> | null): void {
  opening?.then(
    ({ client }) => client.close(),
    () => undefined,
  )
}
