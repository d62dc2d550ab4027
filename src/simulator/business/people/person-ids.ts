import type { SeededRandom } from '../../seeded-random.ts'
import type { Portfolio } from '../management/portfolio.ts'
import { newLetters } from '../new-id.ts'

/** The ids of one person, an own one for each portfolio. */
export class PersonIds {
  readonly #random: SeededRandom
  /** Two letters, with which every id begins. */
  readonly #country: string
  readonly #userIds = new Map<Portfolio, string>()
  readonly #parentIds = new Map<Portfolio, string>()
  /** The id of the first portfolio, where an earlier platform gave it. */
  #former: string | null

  constructor(random: SeededRandom, country: string, former: string | null = null) {
    this.#random = random
    this.#country = country
    this.#former = former
  }

  /** The business-scoped user id (BSUID). */
  userIdFor(portfolio: Portfolio): string {
    if (this.#former !== null) this.#userIds.set(portfolio, this.#former)
    this.#former = null
    return this.#idIn(this.#userIds, portfolio, `${this.#country}.`)
  }

  /** `null` where the portfolio is not enrolled. */
  parentIdFor(portfolio: Portfolio): string | null {
    return portfolio.hasParentIds ? this.#idIn(this.#parentIds, portfolio, `${this.#country}.ENT.`) : null
  }

  /** From now on all of them are others. */
  renew(): void {
    this.#userIds.clear()
    this.#parentIds.clear()
  }

  #idIn(ids: Map<Portfolio, string>, portfolio: Portfolio, prefix: string): string {
    const id = ids.get(portfolio) ?? `${prefix}${newLetters(this.#random, 16)}`
    ids.set(portfolio, id)
    return id
  }
}
