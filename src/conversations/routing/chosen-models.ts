import type { Database } from '../../storage/database/database.ts'

export interface ChosenModel {
  /** Whose model it is; of another agent it says nothing. */
  agent: string
  model: string
  /** The person's last message there while the choice stuck; milliseconds since 1970. */
  lastAt: number
}

/** The model that a person chose in one conversation. Every method that writes runs inside of the caller's transaction. */
export class ChosenModels {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  find(conversation: number, person: string): ChosenModel | undefined {
    // The columns asked for.
    return this.#database
      .prepare(
        'SELECT agent, model, last_at AS lastAt FROM chosen_models WHERE conversation = ? AND person = ?',
      )
      .get(conversation, person) as ChosenModel | undefined
  }

  choose(conversation: number, person: string, { agent, model, lastAt }: ChosenModel): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO chosen_models (conversation, person, agent, model, last_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(conversation, person, agent, model, lastAt)
  }

  /** As `ChosenAgents.heard`. */
  heard(conversation: number, person: string, at: number, ttlMs: number): void {
    this.#database
      .prepare(
        `UPDATE chosen_models SET last_at = ?1
         WHERE conversation = ?2 AND person = ?3 AND last_at < ?1 AND last_at >= ?1 - ?4`,
      )
      .run(at, conversation, person, ttlMs)
  }

  forget(conversation: number, person: string): void {
    this.#database
      .prepare('DELETE FROM chosen_models WHERE conversation = ? AND person = ?')
      .run(conversation, person)
  }

  /** Answers the conversations in which somebody had chosen. */
  forgetAll(): number[] {
    const rows = this.#database.prepare('DELETE FROM chosen_models RETURNING conversation').all()
    // The column asked for.
    return (rows as { conversation: number }[]).map(({ conversation }) => conversation)
  }
}
