import type { MethodResult } from '../../../protocol/methods.ts'

export type Activity = MethodResult<'accounts.activity'>

/** Messages come in bursts, and each changes the counts. */
const REST_MS = 2_000

/** Reads the signs of life of the account that is shown: at once, after its events, every two seconds at most, and when a day begins. */
export class ActivityFollower {
  readonly #read: (account: string) => void
  #account: string | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #tomorrow: ReturnType<typeof setTimeout> | undefined

  constructor(read: (account: string) => void) {
    this.#read = read
  }

  /** `null`: none is shown. */
  follow(account: string | null): void {
    if (account === this.#account) return
    this.stop()
    this.#account = account
    this.#readAt = Number.NEGATIVE_INFINITY
    if (account === null) return
    this.changed(account)
    this.#waitForTomorrow()
  }

  /** "Today" is another day then, for the counts and for the times without a date. */
  #waitForTomorrow(): void {
    const midnight = new Date()
    midnight.setHours(24, 0, 0, 0)
    this.#tomorrow = setTimeout(() => {
      this.again()
      this.#waitForTomorrow()
    }, midnight.getTime() - Date.now())
  }

  /** Everything may have changed. */
  again(): void {
    if (this.#account !== null) this.changed(this.#account)
  }

  /** Something was said in `account`. */
  changed(account: string): void {
    if (account !== this.#account || this.#timer !== undefined) return
    const restMs = Math.max(0, this.#readAt + REST_MS - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#readAt = performance.now()
      this.#read(account)
    }, restMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#tomorrow)
    this.#timer = undefined
    this.#account = null
  }
}
