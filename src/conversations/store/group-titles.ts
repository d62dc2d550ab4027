import type { Database } from '../../storage/database/database.ts'
import { boundedName } from '../../text/bounded-text.ts'
import type { Committed } from './commit-group.ts'
import { numberOf } from './person.ts'

/** Remembered, so that no event of a group asks the disk. */
const MAX_REMEMBERED = 500

/** What the groups are called, by their addresses, as their members last named them: words of other people, one printable line. */
export class GroupTitles {
  readonly #database: Database
  readonly #known = new Map<string, string | null>()

  constructor(database: Database) {
    this.#database = database
  }

  /** `null` where it is not known, and for a conversation that is no group. */
  of(group: string): string | null {
    const known = this.#known.get(group)
    if (known !== undefined) return known
    if (numberOf(group) !== null) return null
    const row = this.#database
      .prepare(`SELECT title FROM conversations WHERE name = ? AND kind = 'group'`)
      .get(group)
    // The column asked for; absent for a group of which nothing is kept.
    const { title } = (row ?? { title: null }) as { title: string | null }
    this.#remember(group, title)
    return title
  }

  /** Inside of a transaction. Of a group that nothing is kept of its name is not kept either. */
  learn(group: string, name: string): Committed | undefined {
    const title = boundedName(name)
    if (title === this.of(group)) return undefined
    const { changes } = this.#database
      .prepare(`UPDATE conversations SET title = ? WHERE name = ? AND kind = 'group'`)
      .run(title, group)
    return changes > 0 ? () => this.#remember(group, title) : undefined
  }

  #remember(group: string, title: string | null): void {
    this.#known.set(group, title)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
  }
}
