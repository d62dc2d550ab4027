import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'

/** Longer than any benchmark. */
const WATCH_MS = 24 * 3_600_000

/** Which messages reach a phone from now on, by id; each counts once, however often it is sent again. */
export class Arrivals {
  readonly #since = Date.now()
  readonly #arrived = new Set<string>()
  readonly #failed = new Set<string>()
  readonly #texts = new Set<string>()
  /** `performance.now()` of the latest first arrival. */
  lastAtMs = performance.now()
  /** `NaN` while nothing has come. */
  firstAtMs = Number.NaN

  constructor(phone: SimulatedPhone) {
    // Conditions that never hold: they see everything that comes, also when the phone's records are full.
    const watches = [
      phone.waitForText((message) => {
        if (message.at >= this.#since) {
          this.#note(message.id)
          this.#texts.add(message.text)
        }
        return false
      }, WATCH_MS),
      phone.waitForFailure((failure) => {
        if (failure.at >= this.#since) {
          this.#note(failure.messageId)
          this.#failed.add(failure.messageId)
        }
        return false
      }, WATCH_MS),
    ]
    for (const watch of watches) watch.catch(() => undefined)
  }

  /** Readable or not. */
  get count(): number {
    return this.#arrived.size
  }

  /** Not readable when they first came. */
  get undecryptable(): number {
    return this.#failed.size
  }

  isReadable(text: string): boolean {
    return this.#texts.has(text)
  }

  #note(id: string): void {
    if (this.#arrived.has(id)) return
    this.#arrived.add(id)
    this.lastAtMs = performance.now()
    if (this.#arrived.size === 1) this.firstAtMs = this.lastAtMs
  }
}
