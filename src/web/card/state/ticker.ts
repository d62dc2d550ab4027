import type { ReactiveController } from 'lit'

const TICK_MS = 500

/**
 * A controller that redraws its host every `tickMs`, twice a second by default, while the host is on the page and `isNeeded()`. No timer
 * runs otherwise.
 */
export class Ticker implements ReactiveController {
  readonly #redraw: () => void
  readonly #isNeeded: () => boolean
  readonly #tickMs: number
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(redraw: () => void, isNeeded: () => boolean, tickMs = TICK_MS) {
    this.#redraw = redraw
    this.#isNeeded = isNeeded
    this.#tickMs = tickMs
  }

  /** Before it is drawn: what is over by then is drawn as over. */
  hostUpdate(): void {
    if (this.#isNeeded()) this.#timer ??= setInterval(this.#tick, this.#tickMs)
  }

  readonly #tick = (): void => {
    if (!this.#isNeeded()) this.hostDisconnected()
    this.#redraw()
  }

  hostDisconnected(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
