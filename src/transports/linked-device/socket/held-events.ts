import type { WASocket } from '@whiskeysockets/baileys'

/** How long Baileys may hold an event back: it forgets to release some. */
const HOLD_MS = 250

type EventSource = Pick<WASocket['ev'], 'buffer' | 'emit' | 'flush' | 'isBuffering'>

/**
 * Releases the events that Baileys holds back (`lib/Utils/event-buffer.js`) within {@link HOLD_MS}: of the moment since when it
 * holds, and of the first event that it holds. There is a timer only then.
 */
export class HeldEvents {
  readonly #events: EventSource
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /** Replaces `buffer` and `emit`, which Baileys calls on this object. */
  constructor(events: EventSource) {
    this.#events = events
    const buffer = events.buffer.bind(events)
    events.buffer = () => {
      buffer()
      this.#noticed()
    }
    const emit = events.emit.bind(events)
    events.emit = (name, value) => {
      const isEmitted = emit(name, value)
      this.#noticed()
      return isEmitted
    }
  }

  /** Now. */
  release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#events.isBuffering()) this.#events.flush()
  }

  /** No timer from now on. Idempotent. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #noticed(): void {
    if (this.#stopped || this.#timer !== undefined || !this.#events.isBuffering()) return
    this.#timer = setTimeout(() => this.release(), HOLD_MS)
    this.#timer.unref()
  }
}
