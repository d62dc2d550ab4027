import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from '../../storage/database/database.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { conversationWord, firstIdOf, type SearchedRow, type SearchIndex } from './search-index.ts'
import type { SearchUpkeep } from './search-upkeep.ts'
import { readSearchCursor, writeSearchCursor } from './search-cursor.ts'
import { searchedText } from './searched-text.ts'
import { snippet, type SnippetPart } from './snippet.ts'
import { findHits } from './words/find-hits.ts'
import { matchExpression, searchWords, type SearchWords } from './words/search-words.ts'

export interface SearchQuery {
  /** A person's words. */
  text: string
  /** Its id; of all without. */
  conversation?: number | undefined
  /** Only what was written at this time or later, and before `to`. */
  from?: Date | undefined
  to?: Date | undefined
  /** Of a former page. */
  cursor?: string | undefined
  limit: number
}

export interface SearchHit {
  conversation: number
  messageId: string
  from: SearchedRow['author']
  at: Date
  snippet: SnippetPart[]
}

export interface SearchPage {
  /** Newest first. */
  hits: SearchHit[]
  /** `null` at the end. */
  cursor: string | null
  /** Some of what was said is not in the index yet. */
  isIndexing: boolean
}

/** What was said a moment ago is found; a long past that is being indexed is not waited for. */
const CATCH_UP_MS = 100
/** Read at a time, and of one page in all: what does not fit after all is left out. */
const [MOST_READ, MOST_LOOKED_AT] = [100, 1_000]
/** Long texts take a while to look at; others are let in between. */
const SLICE_MS = 8

const FIND = `
  SELECT search_rows.id AS id, reference FROM search_words CROSS JOIN search_rows ON search_rows.id = search_words.rowid
  WHERE search_words MATCH ?1 AND search_words.rowid >= ?2 AND search_words.rowid < ?3
  ORDER BY search_words.rowid DESC LIMIT ?4`

/** Finds what people, the assistant and the owner said. */
export class MessageSearch {
  readonly #database: Database
  readonly #index: SearchIndex
  readonly #upkeep: Pick<SearchUpkeep, 'catchUp'>

  constructor(database: Database, index: SearchIndex, upkeep: Pick<SearchUpkeep, 'catchUp'>) {
    this.#database = database
    this.#index = index
    this.#upkeep = upkeep
  }

  /** A page may have fewer hits than asked for although others follow. Rejects with `StorageError`, and with `DaemonError` for a cursor that is none. */
  async search(query: SearchQuery): Promise<SearchPage> {
    const isIndexing = !(await this.#upkeep.catchUp(CATCH_UP_MS))
    const words = searchWords(query.text)
    if (words.length === 0) return { hits: [], cursor: null, isIndexing }
    const hits: SearchHit[] = []
    const after = firstIdOf(query.from?.getTime() ?? 0)
    let before = Math.min(
      query.cursor === undefined ? Number.MAX_SAFE_INTEGER : readSearchCursor(query.cursor),
      // The second of `to` is looked at, too.
      query.to === undefined ? Number.MAX_SAFE_INTEGER : firstIdOf(query.to.getTime() + 999),
    )
    for (let read = 0; read < MOST_LOOKED_AT; read += MOST_READ) {
      const found = this.#find(words, query.conversation, [after, before])
      let end = performance.now() + SLICE_MS
      for (const { id, reference } of found) {
        before = id
        const hit = this.#look(reference, words, query)
        if (hit !== null) hits.push(hit)
        if (hits.length === query.limit) return { hits, cursor: writeSearchCursor(before), isIndexing }
        if (performance.now() < end) continue
        await nextTurn()
        end = performance.now() + SLICE_MS
      }
      if (found.length < MOST_READ) return { hits, cursor: null, isIndexing }
      await nextTurn()
    }
    return { hits, cursor: writeSearchCursor(before), isIndexing }
  }

  #find(
    words: SearchWords,
    conversation: number | undefined,
    [after, before]: [number, number],
  ): { id: number; reference: number }[] {
    const expression = matchExpression(words)
    const within = conversation === undefined ? '' : ` AND "${conversationWord(conversation)}"`
    // The columns asked for.
    return this.#database.prepare(FIND).all(`(${expression})${within}`, after, before, MOST_READ) as {
      id: number
      reference: number
    }[]
  }

  /** The row as it is now: it may have changed since it was indexed, and the index has no order of words. */
  #look(reference: number, words: SearchWords, query: SearchQuery): SearchHit | null {
    const { conversation, from, to } = query
    const row = this.#index.row(reference)
    if (row === undefined || (conversation !== undefined && row.conversation !== conversation)) return null
    if ((from !== undefined && row.at < from.getTime()) || (to !== undefined && row.at >= to.getTime()))
      return null
    const text = searchedText(row)
    const ranges = findHits(text, words)
    if (ranges === null) return null
    return {
      conversation: row.conversation,
      messageId: row.message_id,
      from: row.author,
      at: storedTime(row.at),
      snippet: snippet(text, ranges),
    }
  }
}
