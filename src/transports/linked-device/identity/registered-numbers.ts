import type { RegisteredForms } from '../../../access/numbers/with-registered-numbers.ts'
import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import type { Database } from '../../../storage/database/database.ts'

/** Numbers of one account about which WhatsApp is asked; the others count in the form in which they are written. */
const MAX_NUMBERS = 5_000
/** Of a number about which WhatsApp is not asked: it is the number that is written, and no other form of it. */
const AS_WRITTEN = { isAsked: true, registered: null } as const

interface Answer {
  /** `null`: WhatsApp knows neither form. */
  registered: string | null
  /** Milliseconds since the epoch. */
  askedAt: number
}

/**
 * In which of its two forms WhatsApp knows a number, by its own answers, kept over restarts. An answer counts for forms of the same
 * number alone: WhatsApp cannot let in another subscriber than the config names. Numbers are E.164.
 */
export class RegisteredNumbers implements RegisteredForms {
  readonly #database: Database
  readonly #answers = new Map<string, Answer>()
  /** Numbers of the config beyond those. */
  #beyond: ReadonlySet<string> = new Set()
  #version = 0

  /** Throws `StorageError`. */
  constructor(database: Database) {
    this.#database = database
    // The columns of the query.
    const rows = database
      .prepare('SELECT number, registered, asked_at FROM registered_numbers ORDER BY asked_at DESC LIMIT ?')
      .all(MAX_NUMBERS) as { number: string; registered: string | null; asked_at: number }[]
    for (const { number, registered, asked_at } of rows)
      this.#answers.set(number, { registered: believed(number, registered), askedAt: asked_at })
  }

  /** Differs whenever an answer does. */
  get version(): number {
    return this.#version
  }

  of(number: string): ReturnType<RegisteredForms['of']> {
    const answer = this.#answers.get(number)
    if (answer !== undefined) return { isAsked: true, registered: answer.registered }
    // No answer will come: who has another form of it must not be held for one.
    return this.#beyond.has(number) ? AS_WRITTEN : { isAsked: false }
  }

  /** When WhatsApp answered about this number, milliseconds since the epoch; `null` when it never did. */
  askedAt(number: string): number | null {
    return this.#answers.get(number)?.askedAt ?? null
  }

  /**
   * Forgets every number that is not among the first 5,000 of these, which it answers with: what is kept is bounded by the config. The
   * rest of them count as they are written from now on.
   */
  retain(numbers: Iterable<string>): readonly string[] {
    const all = [...numbers]
    const kept = new Set(all.slice(0, MAX_NUMBERS))
    const beyond = new Set(all.slice(MAX_NUMBERS))
    if (beyond.size !== this.#beyond.size || [...beyond].some((number) => !this.#beyond.has(number)))
      this.#version += 1
    this.#beyond = beyond
    const gone = [...this.#answers.keys()].filter((number) => !kept.has(number))
    if (gone.length === 0) return [...kept]
    this.#database.transaction(() => {
      const remove = this.#database.prepare('DELETE FROM registered_numbers WHERE number = ?')
      for (const number of gone) remove.run(number)
    })
    for (const number of gone) this.#answers.delete(number)
    this.#version += 1
    return [...kept]
  }

  /**
   * Takes in an answer about `asked`; `known` are the numbers that WhatsApp named as registered. True when something differs from
   * before. Throws `StorageError`.
   */
  learn(asked: readonly string[], known: ReadonlySet<string>, now: number): boolean {
    const before = this.#version
    const answers = asked.map((number) => {
      const other = equivalentNumber(number)
      const isOther = other !== null && known.has(other)
      return { number, registered: known.has(number) ? number : isOther ? other : null }
    })
    this.#database.transaction(() => {
      const insert = this.#database.prepare(
        'INSERT OR REPLACE INTO registered_numbers (number, registered, asked_at) VALUES (?, ?, ?)',
      )
      for (const { number, registered } of answers) insert.run(number, registered, now)
    })
    for (const { number, registered } of answers) {
      const last = this.#answers.get(number)
      if (last === undefined || last.registered !== registered) this.#version += 1
      this.#answers.set(number, { registered, askedAt: now })
    }
    return this.#version !== before
  }
}

/** Whatever the file says, only another form of the same number. */
function believed(number: string, registered: string | null): string | null {
  return registered === number || registered === equivalentNumber(number) ? registered : null
}
