import { clusterBoundary } from './graphemes.ts'

const MARK = '…'

/**
 * `text` with at most `limit` UTF-16 code units (8 and more); what was cut ends in "…". Never splits a surrogate pair, nor a
 * user-perceived character of a usual length.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const boundary = clusterBoundary(text, limit - MARK.length)
  return `${text.slice(0, boundary)}${MARK}`
}
