import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import type { Answers, Outage } from './simulator-requests.ts'

/** Longer than any benchmark. */
const WATCH_MS = 24 * 3_600_000
/** A reply that has not come by then counts as lost. */
const REPLY_TIMEOUT_MS = 180_000
const RECONNECT_TIMEOUT_MS = 600_000
/** What is said twice comes soon after it was said once. */
const REPEAT_MS = 3_000
const SECOND_MS = 1_000

/** One person who writes to many accounts, and what happens to all of their connections at the same moment. */
export class Crowd {
  readonly #simulator: Simulator
  readonly #contact: SimulatedPhone
  /** The ids under which each text was shown. */
  readonly #shown = new Map<string, Set<string>>()
  readonly #waiting = new Map<string, () => void>()
  #serial = 0

  constructor(simulator: Simulator, contact: SimulatedPhone) {
    this.#simulator = simulator
    this.#contact = contact
    // A condition that never holds: it sees everything that comes, also when the phone's records are full.
    contact
      .waitForText(({ id, text }) => {
        this.#shown.set(text, (this.#shown.get(text) ?? new Set()).add(id))
        this.#waiting.get(text)?.()
        return false
      }, WATCH_MS)
      .catch(() => undefined)
  }

  /** Writes one message to each of these numbers; resolves when all answers are there, or are lost. */
  async ask(owners: readonly string[]): Promise<Answers> {
    const questions = []
    for (const owner of owners) questions.push(await this.#write(owner))
    const tookMs = await Promise.all(questions.map(({ answered }) => answered))
    await delay(REPEAT_MS)
    return {
      roundTripsMs: tookMs.filter((ms) => ms !== null),
      lost: tookMs.filter((ms) => ms === null).length,
      twice: questions.filter(({ text }) => (this.#shown.get(text)?.size ?? 0) > 1).length,
    }
  }

  /** Ends every connection and takes none for `forMs`; in the middle of it each number gets a message. */
  async outage(owners: readonly string[], forMs: number): Promise<Outage> {
    const fault = this.#simulator.faults.refuseUpgrade(503)
    this.#simulator.faults.reset()
    const attempts = new Rate(() => fault.hits)
    await delay(forMs / 2)
    const answers = this.ask(owners)
    await delay(forMs / 2)
    fault.clear()
    const endedAtMs = performance.now()
    const reconnectsMs = await Promise.all(owners.map((owner) => this.#back(owner, endedAtMs)))
    return {
      ...(await answers),
      reconnectsMs: reconnectsMs.filter((ms) => ms !== null),
      away: reconnectsMs.filter((ms) => ms === null).length,
      attempts: fault.hits,
      peakAttemptsPerSecond: attempts.stop(),
      peakLoginsPerSecond: peak(reconnectsMs.filter((ms) => ms !== null)),
    }
  }

  async #back(owner: string, sinceMs: number): Promise<number | null> {
    const [companion] = this.#simulator.phone(owner)?.companions ?? []
    try {
      if (companion === undefined) return null
      await companion.whenActive(AbortSignal.timeout(RECONNECT_TIMEOUT_MS))
      return performance.now() - sinceMs
    } catch {
      return null
    }
  }

  /** `answered`: milliseconds until the answer was readable; `null`: it never came. */
  async #write(owner: string): Promise<{ text: string; answered: Promise<number | null> }> {
    const text = `question ${++this.#serial}: could you tell me when the library opens tomorrow?`
    const sentAtMs = performance.now()
    const answered = new Promise<number | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), REPLY_TIMEOUT_MS)
      this.#waiting.set(text, () => {
        clearTimeout(timer)
        resolve(performance.now() - sentAtMs)
      })
    })
    await this.#contact.sendText(owner, text)
    return { text, answered }
  }
}

/** How fast a count grows at most. */
class Rate {
  readonly #timer: NodeJS.Timeout
  #last = 0
  #peak = 0

  constructor(count: () => number) {
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, count() - this.#last)
      this.#last = count()
    }, SECOND_MS)
  }

  /** Ends the count; the most in one second. */
  stop(): number {
    clearInterval(this.#timer)
    return this.#peak
  }
}

/** The most of these moments (milliseconds) within one second. */
function peak(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b)
  return Math.max(
    0,
    ...sorted.map((from, index) => sorted.findLastIndex((at) => at < from + SECOND_MS) - index + 1),
  )
}
