import type { Authenticator } from '../auth/authenticate.ts'
import type { ClientConnection } from './client-connection.ts'

/** Where nothing tells of changes, token file and keys are read so often: a socket that lost its token is closed within a second. */
const LOOK_MS = 400
/** Where some token expires; nothing is read for it. */
const EXPIRY_MS = 900
/** Where changes are told: a look all the same, in case that one was not. */
const RARE_LOOK_MS = 30_000

export interface IdentityWatchDeps {
  authenticator: Pick<Authenticator, 'refresh' | 'isWatched' | 'onChanged'>
  connections: Iterable<ClientConnection>
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/** Closes sockets whose token has expired or was withdrawn, within a second. Sleeps where nothing can have changed. */
export class IdentityWatch {
  readonly #deps: IdentityWatchDeps
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined
  /** When the timer rings. */
  #dueAt = Number.POSITIVE_INFINITY
  #lookedAt = 0
  #stopListening: (() => void) | null = null

  constructor(deps: IdentityWatchDeps) {
    this.#deps = deps
    this.#now = deps.now ?? (() => performance.now())
  }

  /** Also when another socket has come, or one has got another token. */
  start(): void {
    this.#stopListening ??= this.#deps.authenticator.onChanged(() => this.#check())
    this.#arm()
  }

  /** There are no sockets. Idempotent. */
  stop(): void {
    this.#stopListening?.()
    this.#stopListening = null
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#dueAt = Number.POSITIVE_INFINITY
  }

  #check(): void {
    for (const connection of this.#deps.connections) connection.checkIdentity()
    if (this.#stopListening !== null) this.#arm()
  }

  /** Sooner, never later: whoever comes again and again would put off the check of everybody. */
  #arm(): void {
    const wait = this.#wait()
    if (this.#now() + wait >= this.#dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = this.#now() + wait
    this.#timer = setTimeout(() => this.#tick(), wait)
    // It keeps no process alive that has nothing else.
    this.#timer.unref()
  }

  #wait(): number {
    const { authenticator, connections } = this.#deps
    if (!authenticator.isWatched) return LOOK_MS
    for (const { identity } of connections)
      if (identity !== null && identity.expiresAt !== null) return EXPIRY_MS
    return RARE_LOOK_MS
  }

  #tick(): void {
    this.#dueAt = Number.POSITIVE_INFINITY
    const isDue = !this.#deps.authenticator.isWatched || this.#now() - this.#lookedAt >= RARE_LOOK_MS
    if (isDue) {
      this.#lookedAt = this.#now()
      this.#deps.authenticator.refresh()
    }
    this.#check()
  }
}
