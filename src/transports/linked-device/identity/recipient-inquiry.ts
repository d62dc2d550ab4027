import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { TtlCache } from '../signal/ttl-cache.ts'
import { knownNumbers } from './known-numbers.ts'
import type { AskingSocket } from './lid-inquiry.ts'
import type { RegisteredNumbers } from './registered-numbers.ts'

/** An answer counts for so long. */
const FRESH_MS = 60 * 60_000
const MAX_REMEMBERED = 1_000
/** Questions at once, and then one in each interval: many questions about strangers are what spammers ask. */
const MAX_TOKENS = 10
const TOKEN_MS = 30_000

export interface RecipientInquiryDependencies {
  registered: Pick<RegisteredNumbers, 'learn' | 'of'>
  /** `null` unless the link is open. */
  socket: () => AskingSocket | null
  /** An answer differs from what was known of a number of the config. */
  learned: () => void
  now: () => number
}

/** Asks WhatsApp in which form it knows the number of somebody who is to be written to. Bounded, whatever is asked for. */
export class RecipientInquiry {
  readonly #deps: RecipientInquiryDependencies
  readonly #answers: TtlCache
  #tokens = MAX_TOKENS
  #refilledAt: number

  constructor(deps: RecipientInquiryDependencies) {
    this.#deps = deps
    this.#answers = new TtlCache({ limit: MAX_REMEMBERED, ttlMs: FRESH_MS, now: deps.now })
    this.#refilledAt = deps.now()
  }

  /** The number as WhatsApp knows it, E.164; `null` where nobody has it. Rejects with `DaemonError` (`not_connected`, `rate_limited`). */
  async ask(number: string): Promise<string | null> {
    const { socket, registered, learned, now } = this.#deps
    const remembered = this.#answers.get<{ registered: string | null }>(number)
    if (remembered !== undefined) return remembered.registered
    const baileys = socket()
    if (baileys === null) throw notAnswered('WhatsApp is not connected, so the number cannot be checked.')
    this.#takeToken()
    const other = equivalentNumber(number)
    const asked = other === null ? [number] : [number, other]
    const known = await knownNumbers(baileys, asked).catch(() => null)
    if (known === null || socket() === null)
      throw notAnswered('WhatsApp did not answer whether somebody has this number.')
    // Whom the config names by the other form is the same person.
    if (other !== null && registered.learn(asked, known, now())) learned()
    const found = known.has(number) ? number : other !== null && known.has(other) ? other : null
    this.#answers.set(number, { registered: found })
    return found
  }

  #takeToken(): void {
    const { now } = this.#deps
    const refill = Math.floor(Math.max(0, now() - this.#refilledAt) / TOKEN_MS)
    this.#tokens = Math.min(MAX_TOKENS, this.#tokens + refill)
    if (refill > 0 || now() < this.#refilledAt) this.#refilledAt = now()
    if (this.#tokens < 1)
      throw new DaemonError('rate_limited', {
        message: 'WhatsApp was asked about many new numbers in a short time.',
        action: 'Wait half a minute, then try again.',
      })
    this.#tokens -= 1
  }
}

function notAnswered(message: string): DaemonError {
  return new DaemonError('not_connected', { message, action: 'Try again when the account is connected.' })
}
