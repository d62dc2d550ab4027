import { type Holder, parseHolder } from '../holder.ts'
import { LeaseError, type LeaseObstacle } from './lease-error.ts'
import type { LeaseServer } from './lease-server.ts'

/** The share of the lease's life that we use: our clock and the server's may run at different speeds. */
const SAFE_SHARE = 0.9
/** The longest pause between two questions of a process that does not hold the lease. */
const RETRY_MS = 3_000

export interface LeaseEvents {
  /** This process may act now. */
  acquired(): void
  /** It may not; called again when the reason changes. `check` throws already. */
  refused(obstacle: LeaseObstacle): void
}

export interface LeaseDependencies {
  server: Pick<LeaseServer, 'take' | 'release'>
  /** What is leased; the same for everybody who could act for it. May throw a `LeaseError`. */
  key(): string
  ttlMs: number
  /** Identifies this holder, and names it to the others. */
  holder: LeaseHolder
  events: LeaseEvents
  /** Wall clock, milliseconds: it continues while the machine sleeps. */
  now: () => number
  /** Monotonic clock, milliseconds: it is never set back. */
  monotonicNow: () => number
}

interface LeaseHolder extends Holder {
  /** Unique for this lease of this process. */
  token: string
}

/**
 * The right to act for one account, held by one process across all hosts. It is renewed three times in its life, and
 * asked for again after a loss. Local clocks alone decide whether it is held, counted from before each question: a
 * process that was stopped or cut off finds that it has lost the lease before it does anything else.
 */
export class Lease {
  readonly #deps: LeaseDependencies
  readonly #value: string
  #deadline = { wall: 0, monotonic: 0 }
  #obstacle: LeaseObstacle = { code: 'starting', detail: 'asking the lock server' }
  #acquired = false
  #started = false
  #beatTimer: NodeJS.Timeout | undefined
  #expiryTimer: NodeJS.Timeout | undefined
  /** The question under way. */
  #beating: Promise<void> = Promise.resolve()

  constructor(deps: LeaseDependencies) {
    this.#deps = deps
    this.#value = JSON.stringify(deps.holder)
  }

  /** Asks for the lease until `stop`. */
  start(): void {
    if (this.#started) return
    this.#started = true
    this.#beat()
  }

  /** Gives the lease back; the caller has stopped acting. Takes no longer than the server's timeout. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#started) return
    this.#started = false
    clearTimeout(this.#beatTimer)
    clearTimeout(this.#expiryTimer)
    await this.#beating
    const wasHeld = this.isHeld
    this.#deadline = { wall: 0, monotonic: 0 }
    if (!wasHeld) return
    try {
      await this.#deps.server.release(this.#deps.key(), this.#value)
    } catch {
      // It expires on the server.
    }
  }

  /** The question under way, if any, has been answered. Never rejects. */
  get answered(): Promise<void> {
    return this.#beating
  }

  get isHeld(): boolean {
    const { now, monotonicNow } = this.#deps
    return now() < this.#deadline.wall && monotonicNow() < this.#deadline.monotonic
  }

  /** Why it is not held. */
  get obstacle(): LeaseObstacle {
    return this.#obstacle
  }

  /** The fence: throws `LeaseError` unless the lease is held at this moment. Cheap. */
  check(): void {
    if (this.isHeld) return
    this.#expire()
    throw new LeaseError(this.#obstacle)
  }

  #beat(): void {
    this.#beating = this.#ask().then((obstacle) => {
      if (!this.#started) return
      this.#settle(obstacle)
      const everyMs = this.#deps.ttlMs / 3
      this.#beatTimer = setTimeout(
        () => this.#beat(),
        obstacle === null ? everyMs : Math.min(everyMs, RETRY_MS),
      )
    })
  }

  /** Takes or renews; `null` when it worked. Never rejects. */
  async #ask(): Promise<LeaseObstacle | null> {
    const { server, key, ttlMs, now, monotonicNow } = this.#deps
    const safeMs = ttlMs * SAFE_SHARE
    const deadline = { wall: now() + safeMs, monotonic: monotonicNow() + safeMs }
    try {
      const isRenewal = this.isHeld
      const answer = await server.take(key(), { value: this.#value, ttlMs, isRenewal })
      if (answer.outcome === 'taken') {
        this.#deadline = deadline
        return null
      }
      this.#deadline = { wall: 0, monotonic: 0 }
      return answer.outcome === 'held' ? busy(answer.by) : forgotten(isRenewal)
    } catch (error) {
      if (error instanceof LeaseError) return error.obstacle
      return { code: 'lock_unreachable', detail: error instanceof Error ? error.message : 'unknown error' }
    }
  }

  #settle(obstacle: LeaseObstacle | null): void {
    if (obstacle === null && this.isHeld) {
      this.#awaitExpiry()
      if (this.#acquired) return
      this.#acquired = true
      this.#deps.events.acquired()
      return
    }
    // A failed renewal changes nothing while the lease lasts.
    if (this.#acquired && this.isHeld) return
    this.#refuse(obstacle ?? { code: 'lock_unreachable', detail: 'the answer came too late' })
  }

  #awaitExpiry(): void {
    clearTimeout(this.#expiryTimer)
    const leftMs = this.#deadline.monotonic - this.#deps.monotonicNow()
    this.#expiryTimer = setTimeout(() => {
      if (!this.isHeld) this.#expire()
    }, leftMs + 1)
  }

  #expire(): void {
    if (this.#acquired)
      this.#refuse({ code: 'lock_unreachable', detail: 'the lease ran out before it was renewed' })
  }

  #refuse(obstacle: LeaseObstacle): void {
    const { code, detail } = this.#obstacle
    const isNews = this.#acquired || obstacle.code !== code || obstacle.detail !== detail
    this.#acquired = false
    this.#obstacle = obstacle
    if (isNews) this.#deps.events.refused(obstacle)
  }
}

/** A new holder waits until a forgotten one has lost the lease by its own clocks; the former holder asks again. */
function forgotten(isRenewal: boolean): LeaseObstacle {
  const detail = isRenewal
    ? 'the lock server has forgotten who holds the account'
    : 'the lock server has just started and may have forgotten who holds the account'
  return { code: 'lock_unreachable', detail }
}

function busy(value: string): LeaseObstacle {
  const holder = parseHolder(value)
  if (holder === null) return { code: 'owner_busy', detail: 'held by a process that cannot be named' }
  return { code: 'owner_busy', detail: `held by process ${holder.pid} on ${holder.hostname}`, holder }
}
