import type { ParsedParams } from '../../protocol/methods.ts'
import type { Database } from '../../storage/database/database.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import type { ConversationRow, ConversationViews } from './conversation-views.ts'
import { type ListCursor, readListCursor, writeListCursor } from './list-cursor.ts'
import { ListWalks, MAX_WALK_IDS } from './list-walks.ts'
import { namedConversations } from './named-conversations.ts'

export type ListQuery = Omit<ParsedParams<'conversations.list'>, 'account' | 'text'>

/** A conversation of a page, with the cursor for what follows it; `null` at the end of the list. */
export interface ListEntry {
  row: ConversationRow
  cursor: string | null
}

export interface ListPagesDependencies {
  database: Database
  conversations: Pick<ConversationStore, 'find'>
  views: Pick<ConversationViews, 'rows' | 'searchedWords'>
}

interface Place {
  walk: string
  ids: Int32Array
  position: number
}

const FILTERS: Readonly<
  Record<ListQuery['filter'], { where: string; holds: (row: ConversationRow) => boolean }>
> = {
  all: { where: 'last_at IS NOT NULL', holds: () => true },
  unread: { where: 'last_at IS NOT NULL AND unread > 0', holds: ({ unread }) => unread > 0 },
  waiting: {
    where: 'last_at IS NOT NULL AND waits_since IS NOT NULL',
    holds: ({ waits_since: since }) => since !== null,
  },
}
/** Before everything. */
const START = { lastAt: 2 ** 52, id: 0 }

/** The pages of the list of conversations, the one in which something was said last first (`ListWalks`). */
export class ListPages {
  readonly #deps: ListPagesDependencies
  readonly #walks = new ListWalks()

  constructor(deps: ListPagesDependencies) {
    this.#deps = deps
  }

  /** At most `limit`. Throws `DaemonError` (`invalid_params`) for a cursor that is none of ours. */
  page({ cursor, ...query }: ListQuery): ListEntry[] {
    const last = cursor === undefined ? null : readListCursor(cursor)
    return this.#entries(this.#placeOf(last) ?? this.#begin(this.#idsAfter(query.filter, last)), query)
  }

  /** As `page`, of those that a person calls so (`namedConversations`). Rejects as that throws. */
  async pageNamed({ cursor, ...query }: ListQuery, text: string): Promise<ListEntry[]> {
    const last = cursor === undefined ? null : readListCursor(cursor)
    const known = this.#placeOf(last)
    if (known !== null) return this.#entries(known, query)
    const ids = await namedConversations(this.#deps.views, this.#idsAfter(query.filter, last), text)
    return this.#entries(this.#begin(ids), query)
  }

  #entries(place: Place, { limit, filter }: Omit<ListQuery, 'cursor'>): ListEntry[] {
    const found: { row: ConversationRow; position: number }[] = []
    while (found.length <= limit && place.position < place.ids.length)
      found.push(...this.#next(place, filter, limit + 1 - found.length))
    const isFull = place.ids.length === MAX_WALK_IDS
    return found.slice(0, limit).map(({ row, position }, index) => {
      const next = { walk: place.walk, position, lastAt: row.last_at ?? 0, id: row.id }
      return { row, cursor: index + 1 < found.length || isFull ? writeListCursor(next) : null }
    })
  }

  /** Where the walk of a cursor goes on; `null` where it is forgotten. */
  #placeOf(last: ListCursor | null): Place | null {
    if (last === null) return null
    const { walk, position } = last
    const ids = this.#walks.idsOf(walk)
    return ids === null || position >= ids.length ? null : { walk, ids, position }
  }

  #begin(ids: readonly number[]): Place {
    return { ...this.#walks.begin(ids), position: 0 }
  }

  #idsAfter(filter: ListQuery['filter'], last: Pick<ListCursor, 'lastAt' | 'id'> | null): number[] {
    const { lastAt, id } = last ?? START
    // The column asked for.
    const rows = this.#deps.database
      .prepare(
        `SELECT id FROM conversations WHERE ${FILTERS[filter].where} AND (last_at, id) < (?, ?)
         ORDER BY last_at DESC, id DESC LIMIT ?`,
      )
      .all(lastAt, id, MAX_WALK_IDS) as { id: number }[]
    return rows.map((row) => row.id)
  }

  /** Of the next `count` ids of the walk those that are still there and still match. */
  #next(
    place: Place,
    filter: ListQuery['filter'],
    count: number,
  ): { row: ConversationRow; position: number }[] {
    const { ids, position } = place
    const part = [...ids.subarray(position, position + count)]
    place.position += part.length
    const known = new Map(this.#deps.views.rows(part).map((row) => [row.id, row]))
    return part.flatMap((id, index) => {
      const row = known.get(id) ?? this.#successor(ids, position + index)
      return row !== undefined && FILTERS[filter].holds(row) ? [{ row, position: position + index + 1 }] : []
    })
  }

  /** A conversation that turned out to be another one meanwhile: that one, unless the walk has it anyway. */
  #successor(ids: Int32Array, position: number): ConversationRow | undefined {
    const { conversations, views } = this.#deps
    const into = conversations.find(ids[position] ?? 0)
    if (into === undefined || ids.includes(into.id)) return undefined
    ids[position] = into.id
    return views.rows([into.id])[0]
  }
}
