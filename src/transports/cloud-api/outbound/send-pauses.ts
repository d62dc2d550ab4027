import type { SendHold } from '../../../messaging/send-hold.ts'
import type { GraphProblem, GraphProblemKind } from '../graph/graph-problem.ts'
import { problemSentence } from '../graph/problem-sentences.ts'
import { PairRates } from './pair-rates.ts'
import { TokenBucket } from './token-bucket.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

interface Pause {
  code: string
  firstMs: number
  mostMs: number
}

/** How long nothing goes out after a problem of the whole account; each one in a row doubles it, up to `mostMs`. */
const ACCOUNT_PAUSES: Readonly<Partial<Record<GraphProblemKind, Pause>>> = {
  rate_number: { code: 'number_rate', firstMs: SECOND_MS, mostMs: MINUTE_MS },
  rate_account: { code: 'account_rate', firstMs: MINUTE_MS, mostMs: HOUR_MS },
  auth: { code: 'token', firstMs: MINUTE_MS, mostMs: HOUR_MS },
  registration: { code: 'number_not_ready', firstMs: 10 * MINUTE_MS, mostMs: 6 * HOUR_MS },
  restricted: { code: 'account_restricted', firstMs: HOUR_MS, mostMs: 24 * HOUR_MS },
}
/** The number is moved to a higher throughput, which takes about a minute. */
const THROUGHPUT_UPGRADE = 131057

export interface SendPausesDependencies {
  /** How many messages the number may send in a second. */
  perSecond: () => number
  /** An account-wide pause began or ended. */
  changed: () => void
  now: () => number
}

/**
 * When messages may go out: at the rate of the number, at the rate of each pair of number and person, and not while Meta wants none. Kept in
 * memory: after a restart Meta's next refusal begins a pause again, and refuses before anything is delivered.
 */
export class SendPauses {
  readonly #deps: SendPausesDependencies
  readonly #pairs: PairRates
  readonly #number: TokenBucket
  #account: SendHold | null = null
  #ends: NodeJS.Timeout | null = null
  /** Pauses without a message that got through between them. */
  #inARow = 0

  constructor(deps: SendPausesDependencies) {
    this.#deps = deps
    this.#pairs = new PairRates(deps.now)
    this.#number = new TokenBucket({ capacity: deps.perSecond, refillMs: () => SECOND_MS / deps.perSecond() })
  }

  /** Why nothing goes out at all now; `null` while something does. */
  get account(): SendHold | null {
    const held = this.#account
    return held !== null && held.until > this.#deps.now() ? held : null
  }

  /** Why nothing goes out to the person at this address now. */
  holdOf(address: string): SendHold | null {
    const pair = this.account === null ? this.#pairs.heldUntil(address) : null
    return pair === null ? this.account : { scope: 'chat', ...pair }
  }

  /** Takes a place at the rate of the number: after how many milliseconds it comes. */
  takePlace(): number {
    return this.#number.take(this.#deps.now())
  }

  /** A message leaves for this address. */
  left(address: string): void {
    this.#pairs.left(address)
  }

  /** Meta took a message to this address. */
  accepted(address: string): void {
    this.#pairs.accepted(address)
    // It left before the pause that holds now.
    if (this.account === null) this.resume()
  }

  /** Meta refused a message to this address; the pause that follows, `null` for none. */
  refused(address: string, problem: GraphProblem): SendHold | null {
    if (problem.kind === 'rate_pair') {
      this.#pairs.refused(address, problem.retryAfterMs)
      return this.holdOf(address)
    }
    const pause = ACCOUNT_PAUSES[problem.kind]
    // A server that is down may say when it wants the next call.
    if (pause === undefined && (problem.kind !== 'retry' || problem.retryAfterMs === null)) return null
    this.#pause(problem, pause ?? { code: 'account_rate', firstMs: SECOND_MS, mostMs: MINUTE_MS })
    return this.account
  }

  /** A person, or a check of the account, says that it may be tried now. */
  resume(): void {
    this.#inARow = 0
    if (this.#account === null) return
    this.#account = null
    this.stop()
    this.#deps.changed()
  }

  /** No timer is left. */
  stop(): void {
    if (this.#ends !== null) clearTimeout(this.#ends)
    this.#ends = null
  }

  #pause(problem: GraphProblem, { code, firstMs, mostMs }: Pause): void {
    const { now, changed } = this.#deps
    const held = this.account
    // Others that were on their way with it are refused, too: they are no further sign.
    const earlier = held === null ? this.#inARow : this.#inARow - 1
    const ownMs = Math.min(mostMs, firstMs * 2 ** Math.min(earlier, 20))
    const leastMs = problem.code === THROUGHPUT_UPGRADE ? MINUTE_MS : 0
    const until = now() + Math.max(problem.retryAfterMs ?? ownMs, leastMs)
    this.#inARow = earlier + 1
    if (held !== null && held.until >= until) return
    this.#account = { scope: 'account', until, code, message: problemSentence(problem) }
    this.stop()
    this.#ends = setTimeout(changed, until - now())
    this.#ends.unref()
    changed()
  }
}
