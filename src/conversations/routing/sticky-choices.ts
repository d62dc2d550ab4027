import type { Database } from '../../storage/database/database.ts'

/** Whom a person chose to answer them. */
export type ChosenAgent = {
  agent: string
  /** The person's last message there while the choice stuck; milliseconds since 1970. */
  lastAt: number
}

/** Which model of an agent a person chose; of another agent it says nothing. */
export type ChosenModel = ChosenAgent & { model: string }

/** The columns of the two tables that say what was chosen. */
const COLUMNS = { chosen_agents: ['agent'], chosen_models: ['agent', 'model'] } as const

/**
 * What people chose, one choice of a person in a conversation, in a table of their own. Every method that writes runs inside of the
 * caller's transaction.
 */
export class StickyChoices<Choice extends ChosenAgent> {
  readonly #database: Database
  readonly #table: keyof typeof COLUMNS

  constructor(database: Database, table: Choice extends ChosenModel ? 'chosen_models' : 'chosen_agents') {
    this.#database = database
    this.#table = table
  }

  find(conversation: number, person: string): Choice | undefined {
    const columns = COLUMNS[this.#table].join(', ')
    // The columns asked for.
    return this.#database
      .prepare(
        `SELECT ${columns}, last_at AS lastAt FROM ${this.#table} WHERE conversation = ? AND person = ?`,
      )
      .get(conversation, person) as Choice | undefined
  }

  choose(conversation: number, person: string, choice: Choice): void {
    const columns = COLUMNS[this.#table]
    const chosen: Partial<Record<string, string | number>> = choice
    const values = columns.map((column) => chosen[column] ?? null)
    const places = [...columns, 'conversation', 'person', 'last_at']
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO ${this.#table} (${places.join(', ')}) VALUES (${places.map(() => '?').join(', ')})`,
      )
      .run(...values, conversation, person, choice.lastAt)
  }

  /** The person wrote at `at`: a choice that was still in force is kept for longer; an expired one stays expired. */
  heard(conversation: number, person: string, at: number, ttlMs: number): void {
    this.#database
      .prepare(
        `UPDATE ${this.#table} SET last_at = ?1
         WHERE conversation = ?2 AND person = ?3 AND last_at < ?1 AND last_at >= ?1 - ?4`,
      )
      .run(at, conversation, person, ttlMs)
  }

  forget(conversation: number, person: string): void {
    this.#database
      .prepare(`DELETE FROM ${this.#table} WHERE conversation = ? AND person = ?`)
      .run(conversation, person)
  }

  /** Answers the conversations in which somebody had chosen. */
  forgetAll(): number[] {
    const rows = this.#database.prepare(`DELETE FROM ${this.#table} RETURNING conversation`).all()
    // The column asked for.
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }
}
