import type { ReactiveController, ReactiveControllerHost } from 'lit'

const TICK_MS = 500

/** A controller for `addController`: redraws its host twice a second while the host is on the page and `isNeeded()`. */
export class Ticker implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #isNeeded: () => boolean
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(host: ReactiveControllerHost, isNeeded: () => boolean) {
    this.#host = host
    this.#isNeeded = isNeeded
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (this.#isNeeded()) this.#host.requestUpdate()
    }, TICK_MS)
  }

  hostDisconnected(): void {
    clearInterval(this.#timer)
  }
}
