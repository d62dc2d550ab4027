import stringWidth from 'string-width'

/**
 * `line` in at most so many columns of a terminal, with "…" where something is left out; no user-perceived character is split. Chinese,
 * Japanese, Korean and most emojis are two columns wide.
 */
export function cutToWidth(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  let kept = ''
  let width = 1
  // Not with the module, which every command loads.
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(line)) {
    width += stringWidth(segment)
    if (width > columns) break
    kept += segment
  }
  return `${kept}…`
}
