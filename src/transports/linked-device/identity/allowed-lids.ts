import type { Logger } from 'pino'
import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import { type AskingSocket, LidInquiry } from './lid-inquiry.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { RegisteredNumbers } from './registered-numbers.ts'
import { RegistrationInquiry } from './registration-inquiry.ts'

export interface AllowedLidsDependencies {
  directory: LidDirectory
  registered: RegisteredNumbers
  /** `null` unless the link is open. */
  socket: () => AskingSocket | null
  /** The numbers that may talk, E.164, as the config has them. */
  allowedNumbers: () => Iterable<string>
  /** WhatsApp said in which form it knows some of them. */
  numbersLearned: () => void
  logger: Logger
  now: () => number
}

/** Keeps the LIDs of those who may talk known, so that their messages are recognised whichever address they come from. */
export class AllowedLids {
  readonly #deps: AllowedLidsDependencies
  readonly #inquiry: LidInquiry
  readonly #registration: RegistrationInquiry
  /** Whether some numbers were left out the latest time, because WhatsApp has not said in which form it knows them. */
  #isPartial = false

  constructor(deps: AllowedLidsDependencies) {
    this.#deps = deps
    const { directory, registered, socket, allowedNumbers, logger, now } = deps
    this.#inquiry = new LidInquiry({ directory, socket, now })
    this.#registration = new RegistrationInquiry({
      registered,
      socket,
      numbers: allowedNumbers,
      learned: () => {
        this.#ask()
        deps.numbersLearned()
      },
      failed: (error) => logger.debug({ err: error }, 'WhatsApp did not say in which form it knows numbers'),
      now,
    })
  }

  /** The allowlist changed, or the link is open: whose LIDs must be known has changed with it. */
  learn(): void {
    this.#registration.look()
    this.#ask()
  }

  /**
   * The same because of an unknown LID, unless it was done a moment ago. Resolves when WhatsApp has answered about everybody who may talk,
   * so that whoever has a LID that is still unknown is none of them; rejects when it has not.
   */
  async learnAgain(): Promise<void> {
    await this.#inquiry.wantAgain(() => this.#digits())
    if (this.#isPartial) throw new Error('WhatsApp has not said in which form it knows some numbers')
  }

  /** As `LidInquiry.ask`, for people who wrote. */
  ask(numbers: readonly string[]): Promise<void> {
    return this.#inquiry.ask(numbers)
  }

  /** As `LidInquiry.renew`. */
  renew(number: string): Promise<void> {
    return this.#inquiry.renew(number)
  }

  /** The connection ended. */
  stop(): void {
    this.#inquiry.stop()
    this.#registration.stop()
  }

  #ask(): void {
    this.#inquiry.want(this.#digits())
  }

  /** A number that WhatsApp may know in another form is asked for in the form that it knows: one person, one number. */
  *#digits(): Generator<string, void, undefined> {
    const { allowedNumbers, registered } = this.#deps
    this.#isPartial = false
    for (const number of allowedNumbers()) {
      if (!number.startsWith('+')) continue
      if (equivalentNumber(number) === null) yield number.slice(1)
      else {
        const registration = registered.of(number)
        if (registration.isAsked) yield (registration.registered ?? number).slice(1)
        else this.#isPartial = true
      }
    }
  }
}
