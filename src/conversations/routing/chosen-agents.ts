import type { Database } from '../../storage/database/database.ts'

/** Whom a person chose in one conversation. Every method that writes runs inside of the caller's transaction. */
export class ChosenAgents {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** `lastAt`: the person's last message there while the choice stuck; milliseconds since 1970. */
  find(conversation: number, person: string): { agent: string; lastAt: number } | undefined {
    // The columns asked for.
    return this.#database
      .prepare('SELECT agent, last_at AS lastAt FROM chosen_agents WHERE conversation = ? AND person = ?')
      .get(conversation, person) as { agent: string; lastAt: number } | undefined
  }

  choose(conversation: number, person: string, agent: string, at: number): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO chosen_agents (conversation, person, agent, last_at) VALUES (?, ?, ?, ?)',
      )
      .run(conversation, person, agent, at)
  }

  /** The person wrote at `at`: a choice that was still in force is kept for longer; an expired one stays expired. */
  heard(conversation: number, person: string, at: number, ttlMs: number): void {
    this.#database
      .prepare(
        `UPDATE chosen_agents SET last_at = ?1
         WHERE conversation = ?2 AND person = ?3 AND last_at < ?1 AND last_at >= ?1 - ?4`,
      )
      .run(at, conversation, person, ttlMs)
  }

  forget(conversation: number, person: string): void {
    this.#database
      .prepare('DELETE FROM chosen_agents WHERE conversation = ? AND person = ?')
      .run(conversation, person)
  }

  /** Answers the conversations in which somebody had chosen. */
  forgetAll(): Set<number> {
    const rows = this.#database.prepare('DELETE FROM chosen_agents RETURNING conversation').all()
    // The column asked for.
    return new Set((rows as { conversation: number }[]).map(({ conversation }) => conversation))
  }
}
