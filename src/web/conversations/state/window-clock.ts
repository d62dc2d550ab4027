import type { ReactiveController } from 'lit'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Timers may fire a moment too soon, and would have to be set again for the rest. */
const SLACK_MS = 50

/**
 * When a time that is left is shown otherwise, in milliseconds from now; `null` for never again. In the last hour each minute, before
 * that when the last hour begins, or another day. `now` is the local clock.
 */
export function msUntilNextChange(leftMs: number, now: Date): number | null {
  if (leftMs <= 0) return null
  if (leftMs <= HOUR_MS) return leftMs % MINUTE_MS || MINUTE_MS
  return Math.min(leftMs - HOUR_MS, new Date(now).setHours(24, 0, 0, 0) - now.getTime())
}

/** A controller that redraws its host when a time that is left is shown otherwise, at most once a minute. No timer runs without one. */
export class WindowClock implements ReactiveController {
  readonly #redraw: () => void
  readonly #leftMs: () => number | null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `leftMs`: how much time is left; `null` where none is shown. */
  constructor(redraw: () => void, leftMs: () => number | null) {
    this.#redraw = redraw
    this.#leftMs = leftMs
  }

  hostUpdated(): void {
    this.hostDisconnected()
    const leftMs = this.#leftMs()
    const waitMs = leftMs === null ? null : msUntilNextChange(leftMs, new Date())
    if (waitMs !== null) this.#timer = setTimeout(this.#redraw, waitMs + SLACK_MS)
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
