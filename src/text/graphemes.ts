/** Made when it is first needed: that takes as long as several hundred of its answers, and most starts end before. */
let segmenter: Intl.Segmenter | null = null

/** The longest cluster that is looked at; longer ones (stacked accents without end) may be split. */
const MAX_CLUSTER_CODE_UNITS = 64

/**
 * The last position at or before `position` where no user-perceived character is split (a flag, a family, an accent).
 * Falls back to not splitting a surrogate pair when a single character is absurdly long. Always above 0 for `position` > 0.
 */
export function clusterBoundary(text: string, position: number): number {
  if (position <= 0) return 0
  if (position >= text.length) return text.length
  const around = segments(text.slice(0, position + MAX_CLUSTER_CODE_UNITS))
  const start = around.containing(position)?.index ?? position
  if (start > 0 && position - start <= MAX_CLUSTER_CODE_UNITS) return start
  if (position > 1 && isLowSurrogate(text.charCodeAt(position))) return position - 1
  return position
}

/** Whether `text` is one user-perceived character. Bound its length before the call. */
export function isSingleCluster(text: string): boolean {
  const [first, second] = segments(text)
  return first !== undefined && second === undefined
}

function segments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff
}
