import type { Database } from '../../storage/database/database.ts'
import { type SearchedColumns, searchedText } from './searched-text.ts'
import { indexWords } from './words/index-words.ts'

/** A row of the inbox or the outbox, as far as it is searched. */
export interface SearchedRow extends SearchedColumns {
  sequence: number
  conversation: number
  message_id: string
  author: 'person' | 'owner' | 'assistant'
  /** Milliseconds since 1970. */
  at: number
}

type StoredRow = SearchedRow & { isSearched: 0 | 1 }

interface Change {
  reference: number
  text: string | null
  files: string | null
  transcript: string | null
  content: string | null
  /** What it is filed under; `null` where it is not. */
  id: number | null
  conversation: number | null
}

/**
 * Changed whenever a text stands in the index under other words, or another text of a row is searched: then everything is indexed anew.
 * So does another version of Unicode: an entry can only be taken out by exactly the words that it was put in by.
 */
const RULES = `1 ${process.versions['unicode'] ?? ''}`
/** Before the id of a conversation: a character of no language, which no word has. */
const CONVERSATION_MARK = '\u{e000}'
/** Ids of one second. What is more than that has ids of the seconds after it, or the newest of all where these are full, too. */
const [IDS_A_SECOND, MOST_SECONDS_LATE] = [128, 10]
const MAX_SECONDS = 2 ** 40
/** Rows of each table that are read at a time. */
const MOST_READ = 100
/** FTS5 would merge more than a slice has time for, if it did by itself. */
const MERGED_PAGES = 16

const INBOX = `
  SELECT 0 AS isOurs, sequence, conversation, message_id, author, sent_at AS at, text, files, transcript, NULL AS content,
    kind = 'text' AND state != 'revoked' AS isSearched FROM inbox`
const OUTBOX = `
  SELECT 1 AS isOurs, sequence, conversation, message_id, author, queued_at AS at,
    substr(text, prefix_length + 1) AS text, NULL AS files, NULL AS transcript, content,
    kind = 'reply' AND state != 'discarded' AND text != '' AS isSearched FROM outbox`

/** The word in the index under which everything of a conversation stands. */
export function conversationWord(conversation: number): string {
  return `${CONVERSATION_MARK}${conversation}`
}

/** The first id that a message of this time can have; `at` in milliseconds since 1970. */
export function firstIdOf(at: number): number {
  return Math.min(Math.max(Math.floor(at / 1_000), 0), MAX_SECONDS) * IDS_A_SECOND
}

/** The index over what was said (`schema.ts`). Every method that writes runs inside of the caller's transaction. Throws `StorageError`. */
export class SearchIndex {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Whether rows were added or changed that were not looked at since. */
  isBehind(): boolean {
    const row = this.#database
      .prepare(
        `SELECT EXISTS (SELECT 1 FROM search_changes)
           OR EXISTS (SELECT 1 FROM inbox WHERE sequence > (SELECT inbox FROM search_state))
           OR EXISTS (SELECT 1 FROM outbox WHERE sequence > (SELECT outbox FROM search_state))
           OR NOT EXISTS (SELECT 1 FROM search_state WHERE rules = ?) AS behind`,
      )
      .get(RULES)
    // The column asked for.
    return (row as { behind: number }).behind === 1
  }

  hasChanges(): boolean {
    return this.#database.prepare('SELECT 1 FROM search_changes LIMIT 1').get() !== undefined
  }

  /** Begins anew where the index was made by other rules. */
  followRules(): void {
    const isSame = this.#database.prepare('SELECT 1 FROM search_state WHERE rules = ?').get(RULES)
    if (isSame !== undefined) return
    for (const table of ['search_rows', 'search_changes'])
      this.#database.prepare(`DELETE FROM ${table}`).run()
    this.#database.prepare(`INSERT INTO search_words (search_words) VALUES ('delete-all')`).run()
    this.#database
      .prepare('INSERT OR REPLACE INTO search_state (id, rules, inbox, outbox) VALUES (1, ?, 0, 0)')
      .run(RULES)
  }

  /** Follows the changes of so many rows. Answers how many there were. */
  followChanges(limit: number): number {
    const changes = this.#database
      .prepare(
        `SELECT reference, text, files, transcript, content, id, conversation
         FROM search_changes LEFT JOIN search_rows USING (reference) ORDER BY reference LIMIT ?`,
      )
      // The columns asked for.
      .all(limit) as unknown as Change[]
    if (changes.length === 0) return 0
    for (const change of changes.toSorted((one, other) => (one.id ?? 0) - (other.id ?? 0)))
      this.#takeOut(change)
    const state = this.#state()
    const rows = changes.flatMap(({ reference }) => {
      const row = this.row(reference)
      // What was not looked at yet comes by itself.
      return row === undefined || row.sequence > (row.isOurs ? state.outbox : state.inbox) ? [] : [row]
    })
    for (const row of rows.toSorted(byTime)) this.#putIn(row)
    return changes.length
  }

  /** Looks at the rows that were added, while there is time for one more. Answers whether there were any. */
  followNew(hasTime: () => boolean): boolean {
    const state = this.#state()
    const received = this.#new(INBOX, state.inbox)
    const sent = this.#new(OUTBOX, state.outbox)
    if (received.length + sent.length === 0) return false
    for (const row of inTimeOrder(received, sent)) {
      if (row.isSearched === 1) this.#putIn(row)
      state[row.isOurs ? 'outbox' : 'inbox'] = row.sequence
      if (!hasTime()) break
    }
    this.#database.prepare('UPDATE search_state SET inbox = ?, outbox = ?').run(state.inbox, state.outbox)
    return true
  }

  /** Puts pieces of the index together, as many as a transaction has time for. Answers whether there were any. */
  merge(): boolean {
    return this.#merge(MERGED_PAGES)
  }

  /** From now on `merge` puts everything together, and writes every page anew; `endRewrite` when it has. */
  beginRewrite(): void {
    // Of one piece alone nothing would be written.
    this.#database.prepare('INSERT INTO search_words (rowid, words) VALUES (0, ?)').run(CONVERSATION_MARK)
    this.#merge(-MERGED_PAGES)
  }

  endRewrite(): void {
    this.#database
      .prepare(`INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', 0, ?)`)
      .run(CONVERSATION_MARK)
  }

  /** The row of a reference as it is now; `undefined` where nothing of it is searched. */
  row(reference: number): SearchedRow | undefined {
    const row = this.#database
      .prepare(`${reference % 2 === 1 ? OUTBOX : INBOX} WHERE sequence = ?`)
      // The columns of the query.
      .get(Math.floor(reference / 2)) as unknown as StoredRow | undefined
    return row?.isSearched === 1 ? row : undefined
  }

  #merge(pages: number): boolean {
    const before = this.#totalChanges()
    this.#database.prepare(`INSERT INTO search_words (search_words, rank) VALUES ('merge', ?)`).run(pages)
    // https://www.sqlite.org/fts5.html#the_merge_command: fewer than two where there was nothing to do.
    return this.#totalChanges() - before >= 2
  }

  #totalChanges(): number {
    // The column asked for.
    return (this.#database.prepare('SELECT total_changes() AS changes').get() as { changes: number }).changes
  }

  /** The last rows that were looked at. */
  #state(): { inbox: number; outbox: number } {
    const row = this.#database.prepare('SELECT inbox, outbox FROM search_state').get()
    // The columns asked for.
    return (row as { inbox: number; outbox: number } | undefined) ?? { inbox: 0, outbox: 0 }
  }

  #new(query: string, after: number): StoredRow[] {
    // The columns of the query.
    return this.#database
      .prepare(`${query} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
      .all(after, MOST_READ)
  }

  #takeOut(change: Change): void {
    const { reference, id, conversation, text } = change
    this.#database.prepare('DELETE FROM search_changes WHERE reference = ?').run(reference)
    if (id === null || conversation === null) return
    const row = text === null ? this.row(reference) : { ...change, text, isOurs: reference % 2 === 1 }
    this.#database.prepare('DELETE FROM search_rows WHERE id = ?').run(id)
    const words = row === undefined ? null : wordsOf(row, conversation)
    if (words === null) return
    this.#database
      .prepare(`INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', ?, ?)`)
      .run(id, words)
  }

  #putIn(row: SearchedRow): void {
    const words = wordsOf(row, row.conversation)
    if (words === null) return
    const id = this.#freeId(row.at)
    this.#database
      .prepare('INSERT INTO search_rows (id, reference, conversation) VALUES (?, ?, ?)')
      .run(id, row.sequence * 2 + (row.isOurs ? 1 : 0), row.conversation)
    this.#database.prepare('INSERT INTO search_words (rowid, words) VALUES (?, ?)').run(id, words)
  }

  #freeId(at: number): number {
    const first = firstIdOf(at)
    for (let second = first; second < first + MOST_SECONDS_LATE * IDS_A_SECOND; second += IDS_A_SECOND) {
      const free = this.#newestIn(second, second + IDS_A_SECOND) + 1
      if (free < second + IDS_A_SECOND) return free
    }
    return this.#newestIn(first, Number.MAX_SAFE_INTEGER) + 1
  }

  /** One less than `from` where there is none. */
  #newestIn(from: number, to: number): number {
    const row = this.#database
      .prepare('SELECT MAX(id) AS newest FROM search_rows WHERE id >= ? AND id < ?')
      .get(from, to)
    // The column asked for.
    return (row as { newest: number | null }).newest ?? from - 1
  }
}

const byTime = (one: SearchedRow, other: SearchedRow): number => one.at - other.at

/** FTS5 writes what it has to the disk where an id is lower than the one before. Ends where an older row may come in what is not read yet. */
function* inTimeOrder(received: readonly StoredRow[], sent: readonly StoredRow[]): Generator<StoredRow> {
  let [first, second] = [0, 0]
  for (;;) {
    const [one, other] = [received[first], sent[second]]
    if (one === undefined && received.length === MOST_READ) return
    if (other === undefined && sent.length === MOST_READ) return
    if (one !== undefined && (other === undefined || one.at <= other.at)) {
      first += 1
      yield one
    } else if (other !== undefined) {
      second += 1
      yield other
    } else return
  }
}

/** What a row stands in the index under; `null` where it has no words. */
function wordsOf(row: SearchedColumns, conversation: number): string | null {
  const words = indexWords(searchedText(row))
  return words.size === 0 ? null : [conversationWord(conversation), ...words].join(' ')
}
