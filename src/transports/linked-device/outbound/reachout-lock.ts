import type { WASocket } from '@whiskeysockets/baileys'
import type { StoredCache } from '../signal/stored-cache.ts'

/** WhatsApp is asked this often at most. */
const ASK_INTERVAL_MS = 60_000
/** A lock without an end is asked about again after this. */
const RECHECK_MS = 60 * 60_000
const MAX_TIMER_MS = 24 * 60 * 60_000

/** Chats that were refused during a lock; whichever is forgotten is tried once more. */
const MAX_REFUSED = 1_000

const KEY = 'lock'

/** `until`: milliseconds since the epoch; `null` where WhatsApp does not say when it ends. */
export interface ReachoutState {
  until: number | null
}

/** When the person gave this account the token that it has of them, in WhatsApp's seconds; empty where none is needed, `null` where it has none. */
export type PrivacyToken = string | null

export interface ReachoutLockDependencies {
  /** Keeps it over a restart: WhatsApp tells of it once. */
  stored: Pick<StoredCache, 'get' | 'set' | 'del'>
  /** `null` unless the link is open. */
  socket: () => Pick<WASocket, 'fetchAccountReachoutTimelock'> | null
  /** It begins, ends, or has another end. */
  changed: () => void
  now: () => number
}

/**
 * Whether WhatsApp lets the account write to new people. It says so by itself (`NotificationUserReachoutTimelockUpdate`) and when
 * asked; both come by `take`. Existing chats go on meanwhile.
 */
export class ReachoutLock {
  readonly #deps: ReachoutLockDependencies
  #asked: { at: number; answer: Promise<boolean> } | null = null
  /** Each with the token that there was of the person. */
  readonly #refused = new Map<string, PrivacyToken>()
  #timer: NodeJS.Timeout | undefined

  constructor(deps: ReachoutLockDependencies) {
    this.#deps = deps
  }

  /** `null` while nothing is locked. */
  get state(): ReachoutState | null {
    const stored = this.#deps.stored.get<ReachoutState>(KEY)
    if (stored === undefined) return null
    return stored.until !== null && stored.until <= this.#deps.now() ? null : stored
  }

  /** WhatsApp refused a message to this address because of the lock: each further one would count as another try. */
  refused(to: string, token: PrivacyToken): void {
    this.#refused.delete(to)
    this.#refused.set(to, token)
    if (this.#refused.size > MAX_REFUSED) this.#refused.delete(this.#refused.keys().next().value ?? '')
  }

  /** Whether WhatsApp would refuse a message to this address: nothing has come of the person, or not since it did. */
  isRefused(to: string, token: PrivacyToken): boolean {
    return this.state !== null && (token === null || this.#refused.get(to) === token)
  }

  /** What WhatsApp said. */
  take(state: ReachoutState | null): void {
    const { stored, changed } = this.#deps
    const before = this.state
    if (state === null) {
      this.#refused.clear()
      if (stored.get(KEY) !== undefined) stored.del(KEY)
    } else stored.set<ReachoutState>(KEY, { until: state.until })
    this.watch()
    if (JSON.stringify(before) !== JSON.stringify(this.state)) changed()
  }

  /** Whether the account is locked, as WhatsApp answers now or did a minute ago; `unknown` without an answer. Never rejects. */
  async ask(): Promise<ReachoutState | 'unlocked' | 'unknown'> {
    const { socket, now } = this.#deps
    const asking = socket()
    const isRecent = this.#asked !== null && Math.abs(now() - this.#asked.at) < ASK_INTERVAL_MS
    if (!isRecent && asking !== null) {
      // Its answer comes by `take` before it resolves.
      const answer = asking.fetchAccountReachoutTimelock().then(
        () => true,
        () => false,
      )
      this.#asked = { at: now(), answer }
    }
    const isAnswered = (await this.#asked?.answer) === true
    return this.state ?? (isAnswered ? 'unlocked' : 'unknown')
  }

  /** Notices its end. To be called once at the start; idempotent. */
  watch(): void {
    this.stop()
    const { stored, now } = this.#deps
    const known = stored.get<ReachoutState>(KEY)
    if (known === undefined) return
    const waitMs = known.until === null ? RECHECK_MS : Math.max(0, known.until - now())
    this.#timer = setTimeout(() => this.#due(), Math.min(waitMs, MAX_TIMER_MS))
    this.#timer.unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #due(): void {
    const { stored } = this.#deps
    const known = stored.get<ReachoutState>(KEY)
    if (known === undefined) return
    if (known.until === null) void this.ask()
    else if (this.state === null) {
      stored.del(KEY)
      this.#refused.clear()
      this.#deps.changed()
      return
    }
    this.watch()
  }
}
