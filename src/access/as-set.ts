const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

/**
 * The entries of a list that never changes, for quick look-ups: every message asks whether its sender is on one that may have
 * thousands. Built at the first look-up, and gone with the list.
 */
export function asSet(list: readonly string[]): ReadonlySet<string> {
  const known = sets.get(list)
  if (known !== undefined) return known
  const set = new Set(list)
  sets.set(list, set)
  return set
}
