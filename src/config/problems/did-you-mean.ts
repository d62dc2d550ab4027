/** A longer one is no slip of the hand, and costs time. */
const LONGEST = 64

/** The name in `names` that `name` was probably meant to be; `null` when none is near. */
export function didYouMean(name: string, names: Iterable<string>): string | null {
  if (name.length > LONGEST) return null
  let best: string | null = null
  // In a short name two letters are most of it.
  let bestDistance = (name.length <= 4 ? 1 : Math.max(2, Math.floor(name.length / 3))) + 1
  for (const candidate of names) {
    // No need to compare: the distance is at least the difference in length.
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein distance: insertions, deletions and replacements. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [row, character] of Array.from(left).entries()) {
    const current = [row + 1]
    for (const [column, other] of Array.from(right).entries()) {
      const replaced = (previous[column] ?? 0) + (character === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
