import type { ReactiveController } from 'lit'

const TICK_MS = 500

/** A controller that redraws its host twice a second while the host is on the page and `isNeeded()`. */
export class Ticker implements ReactiveController {
  readonly #redraw: () => void
  readonly #isNeeded: () => boolean
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(redraw: () => void, isNeeded: () => boolean) {
    this.#redraw = redraw
    this.#isNeeded = isNeeded
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (this.#isNeeded()) this.#redraw()
    }, TICK_MS)
  }

  hostDisconnected(): void {
    clearInterval(this.#timer)
  }
}
