import type { Database } from '../../storage/database/database.ts'

/** Two years. */
const MAX_MONTHS = 24

/** What an account did in one month. */
export interface Usage {
  /** Turns that an assistant answered, each once, however many messages its answer took. */
  answers: number
  /** Messages of allowed people. */
  messagesIn: number
  /** Messages that WhatsApp acknowledged, reactions left out. */
  messagesOut: number
  /** Of how many turns an agent told its tokens; the others are not in the next two. */
  toldAnswers: number
  inputTokens: number
  outputTokens: number
}

const COLUMNS: Readonly<Record<keyof Usage, string>> = {
  answers: 'answers',
  messagesIn: 'messages_in',
  messagesOut: 'messages_out',
  toldAnswers: 'told_answers',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
}
const NOTHING: Usage = {
  answers: 0,
  messagesIn: 0,
  messagesOut: 0,
  toldAnswers: 0,
  inputTokens: 0,
  outputTokens: 0,
}

/** Counts by calendar month in UTC, for two years. Throws `StorageError`. */
export class UsageStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Inside of the transaction of what is counted, so that it counts once. `at`: milliseconds since 1970. */
  add(counts: Partial<Usage>, at: number): void {
    const entries = Object.entries({ ...NOTHING, ...counts })
    // The keys of `Usage`.
    const names = entries.map(([key]) => COLUMNS[key as keyof Usage])
    const { changes } = this.#database
      .prepare(`UPDATE usage SET ${names.map((name) => `${name} = ${name} + ?`).join(', ')} WHERE month = ?`)
      .run(...entries.map(([, count]) => count), monthOf(at))
    if (changes > 0) return
    this.#database
      .prepare(
        `INSERT INTO usage (month, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})`,
      )
      .run(monthOf(at), ...entries.map(([, count]) => count))
    this.#database
      .prepare('DELETE FROM usage WHERE month NOT IN (SELECT month FROM usage ORDER BY month DESC LIMIT ?)')
      .run(MAX_MONTHS)
  }

  /** `month` as `2026-01`. */
  of(month: string): Usage {
    const columns = Object.entries(COLUMNS).map(([key, name]) => `${name} AS ${key}`)
    const row = this.#database.prepare(`SELECT ${columns.join(', ')} FROM usage WHERE month = ?`).get(month)
    // The columns of `Usage`.
    return (row as Usage | undefined) ?? NOTHING
  }

  /** The months of which something is known, newest first. */
  months(): string[] {
    const rows = this.#database.prepare('SELECT month FROM usage ORDER BY month DESC').all()
    // The column asked for.
    return (rows as { month: string }[]).map(({ month }) => month)
  }
}

/** The calendar month in UTC of a time in milliseconds since 1970. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}
