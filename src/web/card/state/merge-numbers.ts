/** What both sides wanted: `theirs` with the additions and removals that led from `base` to `mine`. */
export function mergeNumbers(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): string[] {
  const kept = theirs.filter((number) => mine.includes(number) || !base.includes(number))
  const added = mine.filter((number) => !base.includes(number) && !theirs.includes(number))
  return [...kept, ...added]
}
