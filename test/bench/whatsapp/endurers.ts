import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import type { Endurance } from './simulator-requests.ts'

/** Longer than any benchmark. */
const WATCH_MS = 24 * 3_600_000
/** A reply that has not come by then never will. */
const REPLY_TIMEOUT_MS = 60_000
const RECONNECT_TIMEOUT_MS = 30_000

/** The ways in which WhatsApp lets go of a client that comes back at once. */
const CUTS: readonly ((simulator: Simulator) => number)[] = [
  ({ faults }) => faults.reset(),
  ({ faults }) => faults.streamError({ code: 515 }),
  ({ faults }) => faults.streamError({ code: 503 }),
]

interface Waiting {
  answered(): void
}

/** People who write on and on while their messages' connection is cut, and what comes back to them. */
export class Endurers {
  readonly #simulator: Simulator
  readonly #owner: SimulatedPhone
  readonly #contacts: readonly SimulatedPhone[]
  /** What was written and is not answered, by its text. */
  readonly #waiting = new Map<string, Waiting>()
  #serial = 0
  #cutsMade = 0
  #repeated = 0
  #undecryptable = 0

  constructor(simulator: Simulator, owner: SimulatedPhone, contacts: readonly SimulatedPhone[]) {
    this.#simulator = simulator
    this.#owner = owner
    this.#contacts = contacts
    for (const contact of contacts) this.#watch(contact)
  }

  /** Writes `messages`, with at most `inFlight` a person unanswered, and cuts the connection `reconnects` times meanwhile. */
  async stage(o: { messages: number; reconnects: number; inFlight: number }): Promise<Endurance> {
    const startedAtMs = performance.now()
    const before = { repeated: this.#repeated, undecryptable: this.#undecryptable }
    const progress = { written: 0, unanswered: 0 }
    const write = async (contact: SimulatedPhone): Promise<void> => {
      while (progress.written < o.messages) {
        progress.written++
        if (!(await this.#ask(contact))) progress.unanswered++
      }
    }
    const people = this.#contacts.flatMap((contact) => Array.from({ length: o.inFlight }, () => contact))
    const everybody = Promise.all(people.map(write))
    const reconnectsMs = await this.#cutAlong(progress, o)
    await everybody
    return {
      ...o,
      unanswered: progress.unanswered,
      repeated: this.#repeated - before.repeated,
      undecryptable: this.#undecryptable - before.undecryptable,
      reconnectsMs,
      seconds: (performance.now() - startedAtMs) / 1000,
      simulatorMemoryMib: process.memoryUsage.rss() / 2 ** 20,
    }
  }

  /** Evenly over the messages; the next cut waits until the client is back. */
  async #cutAlong(
    progress: { written: number },
    o: { messages: number; reconnects: number },
  ): Promise<number[]> {
    const tookMs: number[] = []
    for (let cut = 1; cut <= o.reconnects; cut++) {
      const due = Math.floor((o.messages * cut) / (o.reconnects + 1))
      while (progress.written < due) await this.#nextChange()
      tookMs.push(await this.#cut())
    }
    return tookMs
  }

  async #cut(): Promise<number> {
    const [companion] = this.#owner.companions
    if (companion === undefined) throw new Error('the client was unlinked')
    const startedAtMs = performance.now()
    const limit = AbortSignal.timeout(RECONNECT_TIMEOUT_MS)
    CUTS[this.#cutsMade++ % CUTS.length]?.(this.#simulator)
    await companion.whenDisconnected(limit)
    await companion.whenActive(limit)
    return performance.now() - startedAtMs
  }

  /** Resolves at the next message, receipt or login. */
  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#simulator.onChange(() => {
        stop()
        resolve()
      })
    })
  }

  async #ask(contact: SimulatedPhone): Promise<boolean> {
    const text = `question ${++this.#serial}: could you tell me when the library opens tomorrow?`
    const answered = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(text)
        resolve(false)
      }, REPLY_TIMEOUT_MS)
      this.#waiting.set(text, {
        answered: () => {
          clearTimeout(timer)
          this.#waiting.delete(text)
          resolve(true)
        },
      })
    })
    await contact.sendText(this.#owner, text)
    return answered
  }

  #watch(contact: SimulatedPhone): void {
    // Conditions that never hold: they see everything that comes, also when the phone's records are full.
    const watches = [
      contact.waitForText(({ text }) => {
        const waiting = this.#waiting.get(text)
        if (waiting === undefined) this.#repeated++
        else waiting.answered()
        return false
      }, WATCH_MS),
      contact.waitForFailure(() => {
        this.#undecryptable++
        return false
      }, WATCH_MS),
    ]
    for (const watch of watches) watch.catch(() => undefined)
  }
}
