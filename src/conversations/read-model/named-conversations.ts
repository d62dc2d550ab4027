import { setImmediate as nextTurn } from 'node:timers/promises'
import { findHits } from '../search/words/find-hits.ts'
import { searchWords } from '../search/words/search-words.ts'
import type { ConversationViews } from './conversation-views.ts'

/** Read at a time. */
const MOST_READ = 50
/** Others are let in between. */
const SLICE_MS = 8

/**
 * Of conversations (their ids) those whose name, number or contact fields have every word that a person looks for, in the same order. They
 * are looked at in slices: 10,000 take a part of a second, and hold nothing else up. Rejects with `StorageError`.
 */
export async function namedConversations(
  views: Pick<ConversationViews, 'rows' | 'searchedWords'>,
  ids: readonly number[],
  text: string,
): Promise<number[]> {
  const words = searchWords(text)
  const found: number[] = []
  if (words.length === 0) return found
  let end = performance.now() + SLICE_MS
  for (let from = 0; from < ids.length; from += MOST_READ) {
    const rows = views.rows(ids.slice(from, from + MOST_READ))
    const searched = views.searchedWords(rows)
    for (const [index, { id }] of rows.entries())
      if (findHits(searched[index] ?? '', words) !== null) found.push(id)
    if (performance.now() < end) continue
    await nextTurn()
    end = performance.now() + SLICE_MS
  }
  return found
}
