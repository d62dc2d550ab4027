const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The longest cluster that is looked at; longer ones (stacked accents without end) may be split. */
const MAX_CLUSTER_CODE_UNITS = 64

/**
 * The last position at or before `position` where no user-perceived character is split (a flag, a family, an accent).
 * Falls back to not splitting a surrogate pair when a single character is absurdly long. Always above 0 for `position` > 0.
 */
export function clusterBoundary(text: string, position: number): number {
  if (position <= 0) return 0
  if (position >= text.length) return text.length
  const segments = segmenter.segment(text.slice(0, position + MAX_CLUSTER_CODE_UNITS))
  const start = segments.containing(position)?.index ?? position
  if (start > 0 && position - start <= MAX_CLUSTER_CODE_UNITS) return start
  if (position > 1 && isLowSurrogate(text.charCodeAt(position))) return position - 1
  return position
}

/** Whether `text` is one user-perceived character. Bound its length before the call. */
export function isSingleCluster(text: string): boolean {
  const [first, second] = segmenter.segment(text)
  return first !== undefined && second === undefined
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff
}
