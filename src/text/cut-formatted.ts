import type { FormattedText } from './formatted-text.ts'
import { clusterBoundary } from './graphemes.ts'

const CUT_MARK = '…'

/** At most `limit` UTF-16 code units of a text; one that was cut ends in "…", and behind it in the marks that were open there. */
export function cutFormatted(formatted: FormattedText, limit: number): FormattedText {
  const { text, wrapped } = formatted
  if (text.length <= limit) return formatted
  let cut = clusterBoundary(text, limit - CUT_MARK.length)
  for (const { start, end, open, close } of wrapped) {
    if (start < cut && cut < start + open.length) cut = start
    else if (end - close.length < cut && cut < end) cut = end - close.length
  }
  const whole = wrapped.filter(({ end }) => end <= cut)
  const around = wrapped.filter(({ start, end }) => start < cut && cut < end)
  let shown = text.slice(0, cut) + CUT_MARK
  const closed = around.toReversed().map((each) => {
    shown += each.close
    return { ...each, end: shown.length }
  })
  return { text: shown, wrapped: [...whole, ...closed].toSorted((one, other) => one.start - other.start) }
}
