import type { MessagePrice } from '../../messaging/outcome.ts'
import type { Database } from '../../storage/database/database.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import { monthOf } from './usage-store.ts'

/** Two years. */
const MAX_MONTHS = 24
/** WhatsApp has a dozen; what is more is counted under one name. */
const MAX_CATEGORIES = 30
const OTHER = 'other'
const MAX_CATEGORY_LENGTH = 40
/** Of those that count for the free messages of a month. */
const FREE_TIER_CATEGORY = 'service'
/** Free for another reason: the person came from an advertisement. */
const FREE_ENTRY = 'free_entry_point'

/** What WhatsApp said in one month of the price of messages of ours. */
export interface Charges {
  categories: readonly { category: string; charged: number; free: number }[]
  /** Messages that count for the free ones of the month, as far as known. */
  freeTierUsed: number
}

/** Counts what messages cost, by calendar month in UTC and category, each message once. Throws `StorageError`. */
export class ChargeStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Inside of the transaction of the status that tells it. `sequence`: of the row of the outbox. `at`: milliseconds since 1970. */
  count(sequence: number, price: MessagePrice, at: number): void {
    const { changes } = this.#database
      .prepare('UPDATE outbox SET priced = 1 WHERE sequence = ? AND priced = 0')
      .run(sequence)
    if (changes > 0) this.add(price, at)
  }

  /** As `count`, of what has no row of the outbox: whoever calls it knows that it is told once. */
  add({ isBillable, category, type }: MessagePrice, at: number): void {
    const month = monthOf(at)
    const inTier = category === FREE_TIER_CATEGORY && type !== FREE_ENTRY ? 1 : 0
    this.#database
      .prepare(
        `INSERT INTO charges (month, category, charged, free, in_tier) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET charged = charged + ?3, free = free + ?4, in_tier = in_tier + ?5`,
      )
      .run(month, this.#nameOf(category, month), isBillable ? 1 : 0, isBillable ? 0 : 1, inTier)
    this.#database
      .prepare(
        'DELETE FROM charges WHERE month NOT IN (SELECT DISTINCT month FROM charges ORDER BY month DESC LIMIT ?)',
      )
      .run(MAX_MONTHS)
  }

  /** `month` as `2026-01`. */
  of(month: string): Charges {
    const rows = this.#database
      .prepare('SELECT category, charged, free, in_tier FROM charges WHERE month = ? ORDER BY category')
      .all(month)
    // The columns asked for.
    const known = rows as { category: string; charged: number; free: number; in_tier: number }[]
    return {
      categories: known.map(({ category, charged, free }) => ({ category, charged, free })),
      freeTierUsed: known.reduce((sum, { in_tier: inTier }) => sum + inTier, 0),
    }
  }

  #nameOf(category: string | null, month: string): string {
    const name = cleanLine(category ?? '', MAX_CATEGORY_LENGTH) || OTHER
    const row = this.#database
      .prepare('SELECT COUNT(*) AS categories, MAX(category = ?2) AS isKnown FROM charges WHERE month = ?1')
      .get(month, name)
    // The columns asked for.
    const { categories, isKnown } = row as { categories: number; isKnown: number | null }
    return categories < MAX_CATEGORIES || isKnown === 1 ? name : OTHER
  }
}
