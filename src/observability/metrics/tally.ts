/** Labels come from closed lists; a messenger that invents codes must not make a series of each. */
const MAX_LABELS = 48
const OTHER = 'other'

/** Counts by one label, of which there are at most 48; what has a further one counts as `other`. */
export class Tally {
  readonly #counts: Map<string, number>

  /** `known` are there from the beginning, with 0: so the first one that is counted is seen as a change. */
  constructor(known: readonly string[] = []) {
    this.#counts = new Map(known.map((label) => [label, 0]))
  }

  add(label: string): void {
    const before = this.#counts.get(label)
    if (before !== undefined) this.#counts.set(label, before + 1)
    else if (this.#counts.size < MAX_LABELS) this.#counts.set(label, 1)
    else this.#counts.set(OTHER, (this.#counts.get(OTHER) ?? 0) + 1)
  }

  entries(): readonly (readonly [label: string, count: number])[] {
    return [...this.#counts]
  }
}
