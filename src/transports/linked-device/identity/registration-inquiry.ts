import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import { inTurns } from '../../../timing/in-turns.ts'
import { knownNumbers } from './known-numbers.ts'
import type { AskingSocket } from './lid-inquiry.ts'
import type { RegisteredNumbers } from './registered-numbers.ts'

/** Numbers in one question. */
const NUMBERS_PER_QUERY = 50
/** Numbers looked at in one turn of the event loop. */
const NUMBERS_PER_TURN = 1_000
/** Between two questions of one round. */
const PAUSE_MS = 1_000
/** An answer is asked for again after this: people change their numbers, and WhatsApp its forms. */
const RENEW_AFTER_MS = 7 * 24 * 60 * 60_000
/** After a question without an answer, and between two looks at what is due. */
const LOOK_AGAIN_MS = 10 * 60_000

export interface RegistrationInquiryDependencies {
  registered: RegisteredNumbers
  /** `null` unless the link is open. */
  socket: () => AskingSocket | null
  /** The numbers that the config names, E.164. */
  numbers: () => Iterable<string>
  /** In which forms numbers are known differs from before. */
  learned: () => void
  failed: (error: unknown) => void
  now: () => number
}

/**
 * Asks WhatsApp in which form it knows those numbers of the config that can be written in two: one question at a time, fifty numbers
 * in each, again after a week. Nothing is guessed: until WhatsApp has answered, a number counts as it is written.
 */
export class RegistrationInquiry {
  readonly #deps: RegistrationInquiryDependencies
  #timer: NodeJS.Timeout | undefined
  #isAsking = false
  #isStale = false

  constructor(deps: RegistrationInquiryDependencies) {
    this.#deps = deps
  }

  /** The link is open, or the config names other numbers. */
  look(): void {
    if (this.#deps.socket() === null) return
    clearTimeout(this.#timer)
    // What has changed meanwhile is asked for next.
    if (this.#isAsking) this.#isStale = true
    else void this.#ask()
  }

  /** The connection ended. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    const { socket, registered, learned, failed, now } = this.#deps
    this.#isAsking = true
    this.#isStale = false
    let isMore = false
    try {
      const before = registered.version
      const due = await this.#due()
      // Numbers left the config, or there are more than are asked for.
      if (registered.version !== before) learned()
      const batch = due.slice(0, NUMBERS_PER_QUERY)
      const baileys = socket()
      if (batch.length > 0 && baileys !== null) {
        const known = await knownNumbers(baileys, batch)
        if (known !== null && registered.learn(batch, known, now())) learned()
        isMore = known !== null && due.length > batch.length
      }
    } catch (error) {
      failed(error)
    }
    this.#isAsking = false
    if (socket() === null) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.look(), isMore || this.#isStale ? PAUSE_MS : LOOK_AGAIN_MS)
    this.#timer.unref()
  }

  /** Those that have two forms and no answer of late. */
  async #due(): Promise<string[]> {
    const { registered, numbers, socket, now } = this.#deps
    const ambiguous = new Set<string>()
    await inTurns(numbers(), NUMBERS_PER_TURN, (number) => {
      if (equivalentNumber(number) !== null) ambiguous.add(number)
    })
    // The connection may have ended meanwhile, and the database with it.
    if (socket() === null) return []
    return registered.retain(ambiguous).filter((number) => {
      const at = registered.askedAt(number)
      return at === null || Math.abs(now() - at) >= RENEW_AFTER_MS
    })
  }
}
