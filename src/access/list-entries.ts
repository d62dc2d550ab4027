import { isIdEntry } from './numbers/id-entry.ts'

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

interface Entries {
  people: readonly string[]
  numbers: readonly string[]
  groups: readonly string[]
}

const entries = new WeakMap<readonly string[], Entries>()

/** The E.164 numbers and ids (`lid:<digits>`, `bsuid:<id>`) of a list that never changes, in their order; always the same array for the same list. */
export function peopleOf(list: readonly string[]): readonly string[] {
  return entriesOf(list).people
}

/** The E.164 numbers of a list that never changes, in their order; always the same array for the same list. */
export function numbersOf(list: readonly string[]): readonly string[] {
  return entriesOf(list).numbers
}

/** The addresses of groups in a list that never changes; always the same array for the same list. */
export function groupsOf(list: readonly string[]): readonly string[] {
  return entriesOf(list).groups
}

/** Sorted once: every message in a group asks, and a list may have thousands. */
function entriesOf(list: readonly string[]): Entries {
  const known = entries.get(list)
  if (known !== undefined) return known
  const people = list.filter(isPerson)
  const sorted = {
    people,
    numbers: people.filter((entry) => entry.startsWith('+')),
    // The config accepts nothing else: what a transport calls its groups is not looked into.
    groups: list.filter((entry) => !isPerson(entry) && entry !== '*'),
  }
  entries.set(list, sorted)
  return sorted
}

function isPerson(entry: string): boolean {
  return entry.startsWith('+') || isIdEntry(entry)
}
