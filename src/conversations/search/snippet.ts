import { printableText } from '../../text/bounded-text.ts'
import { clusterBoundary } from '../../text/graphemes.ts'
import type { TextRange } from './words/find-hits.ts'

export interface SnippetPart {
  text: string
  isHit: boolean
}

/** What is shown before the first hit, and in all; UTF-16 code units. */
const [MAX_BEFORE, MAX_LENGTH] = [40, 200]
const OMITTED = '…'

/** A piece of a text around the first of its hits, which are in their order. What is left out at an end is an "…". */
export function snippet(text: string, hits: readonly TextRange[]): SnippetPart[] {
  const first = hits[0]?.start ?? 0
  const from = first <= MAX_BEFORE ? 0 : wordAfter(text, first - MAX_BEFORE, first)
  const to = clusterBoundary(text, Math.min(text.length, from + MAX_LENGTH))
  const parts: SnippetPart[] = []
  const add = (start: number, end: number, isHit: boolean): void => {
    if (end > start) parts.push({ text: printableText(text.slice(start, end)), isHit })
  }
  if (from > 0) parts.push({ text: OMITTED, isHit: false })
  let at = from
  for (const { start, end } of hits) {
    if (start >= to) break
    add(at, start, false)
    add(start, Math.min(end, to), true)
    at = Math.min(end, to)
  }
  add(at, to, false)
  if (to < text.length) parts.push({ text: OMITTED, isHit: false })
  return parts
}

/** The beginning of a word, where there is one before `limit`. */
function wordAfter(text: string, position: number, limit: number): number {
  const space = /\s/u.exec(text.slice(position, limit))
  return space === null ? clusterBoundary(text, position) : position + space.index + 1
}
