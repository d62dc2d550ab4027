import { equivalentNumber } from '../access/numbers/equivalent-numbers.ts'
import type { LinkDependencies } from './link.ts'

interface ChangedNumbers {
  /** Digits; a hundred at most. */
  readonly changedNumbers: readonly string[]
  /** Somebody has allowed these numbers, digits, whoever has them now. Throws `StorageError`. */
  allow(phoneNumbers: readonly string[]): void
}

export interface ChangedPeopleDependencies extends Pick<LinkDependencies, 'listedNumbers' | 'logger'> {
  /** Where a transport keeps them. */
  numbers: ChangedNumbers
  /** Called when the account's status may be another one, not within a transaction. */
  changed: () => void
}

/** Allowed numbers that belong to another WhatsApp account by now: nobody who has one is answered until a person allows them again. */
export class ChangedPeople {
  readonly #deps: ChangedPeopleDependencies

  constructor(deps: ChangedPeopleDependencies) {
    this.#deps = deps
  }

  /** E.164. */
  get numbers(): readonly string[] {
    return this.#deps.numbers.changedNumbers.map((number) => `+${number}`)
  }

  /** Within the transaction that found another account behind the number, digits without `+`. */
  found(phoneNumber: string): void {
    const { numbers, logger, changed } = this.#deps
    // Who is not on the list is allowed by being added to it.
    if (!this.#isListed(phoneNumber)) return numbers.allow([phoneNumber])
    logger.warn(
      'an allowed number belongs to another WhatsApp account now; it is not answered until it is allowed again',
    )
    setImmediate(changed)
  }

  /** The list changed: who is not on it any more is not waiting to be allowed again. */
  listChanged(): void {
    const { numbers } = this.#deps
    const { changedNumbers } = numbers
    if (changedNumbers.length > 0) numbers.allow(changedNumbers.filter((number) => !this.#isListed(number)))
  }

  /** A person allows these numbers, E.164, in whichever form: those who have them now are allowed. */
  allow(phoneNumbers: readonly string[]): void {
    const forms = phoneNumbers.flatMap((number) => [number, equivalentNumber(number) ?? number])
    this.#deps.numbers.allow(forms.map((number) => number.replace('+', '')))
    this.#deps.changed()
  }

  /** In whichever form of the number the config has it, and whatever its policies are now. */
  #isListed(phoneNumber: string): boolean {
    const forms = new Set([`+${phoneNumber}`, equivalentNumber(`+${phoneNumber}`)])
    for (const number of this.#deps.listedNumbers()) if (forms.has(number)) return true
    return false
  }
}
