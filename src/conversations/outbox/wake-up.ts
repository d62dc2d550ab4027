import type { SendHold } from '../../messaging/send-hold.ts'

/** What it waits for may take longer; it is looked at again then. */
const MAX_WAIT_MS = 60_000

/** What nothing at all goes out for now. Times in milliseconds since 1970. */
type WaitsFor = { pacedUntil: number } | { hold: SendHold }

/** When an outbox looks again at what waits, and what all of it waits for. One timer. */
export class WakeUp {
  readonly #look: () => void
  #timer: NodeJS.Timeout | null = null
  #waitsFor: WaitsFor | null = null

  constructor(look: () => void) {
    this.#look = look
  }

  get isSet(): boolean {
    return this.#timer !== null
  }

  /** When the pace lets the next message out; `null` while it holds up nothing. */
  get pacedUntil(): number | null {
    return this.#waitsFor !== null && 'pacedUntil' in this.#waitsFor ? this.#waitsFor.pacedUntil : null
  }

  /** Why WhatsApp takes nothing at all now; `null` while it takes something. */
  get hold(): SendHold | null {
    return this.#waitsFor !== null && 'hold' in this.#waitsFor ? this.#waitsFor.hold : null
  }

  /** In the place of what was set before. */
  in(delayMs: number, waitsFor: WaitsFor | null = null): void {
    this.clear()
    this.#waitsFor = waitsFor
    const look = (): void => {
      this.clear()
      this.#look()
    }
    this.#timer = setTimeout(look, Math.min(Math.max(0, delayMs), MAX_WAIT_MS))
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#waitsFor = null
  }
}
