/** How soon a directory that could not be opened is tried again. */
const FIRST_DELAY_MS = 3_000
/** The longest pause for one that opens and fails at once, time after time. */
const MAX_DELAY_MS = 15_000
/** A directory that was in use for this long is sound again. */
const SOUND_AFTER_MS = 20_000

/** When an account's directory that cannot be used is tried again: soon, and less often when it fails soon after. */
export class ReopenTimer {
  readonly #reopen: () => void
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined
  #openedAt: number | null = null
  #delayMs = FIRST_DELAY_MS

  /** `now` in milliseconds. */
  constructor(reopen: () => void, now: () => number) {
    this.#reopen = reopen
    this.#now = now
  }

  /** It is in use: nothing is planned any more. */
  opened(): void {
    this.cancel()
    this.#openedAt = this.#now()
  }

  /** It cannot be used: `reopen` is called, and this again as long as it does not help. */
  failed(): void {
    this.cancel()
    const openedAt = this.#openedAt
    this.#openedAt = null
    if (openedAt !== null) {
      const wasSound = this.#now() - openedAt >= SOUND_AFTER_MS
      this.#delayMs = wasSound ? FIRST_DELAY_MS : Math.min(this.#delayMs * 2, MAX_DELAY_MS)
    }
    this.#timer = setTimeout(this.#reopen, this.#delayMs)
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }
}
