import { randomUUID } from 'node:crypto'

/** Walks that are remembered; the ones that went on last. */
const MAX_WALKS = 16
/** Conversations of one walk. */
export const MAX_WALK_IDS = 20_000

/**
 * Walks through the pages of a list that changes meanwhile: each goes through the ids that there were when it began, in the order of that
 * moment, so that what moves up is neither missed nor shown twice. 16 walks of 20,000 ids at most: 1.3 MB.
 */
export class ListWalks {
  readonly #walks = new Map<string, Int32Array>()

  /** At most `MAX_WALK_IDS` ids. */
  begin(ids: readonly number[]): { walk: string; ids: Int32Array } {
    const begun = { walk: randomUUID(), ids: Int32Array.from(ids) }
    this.#remember(begun.walk, begun.ids)
    return begun
  }

  /** The ids of a walk; `null` where it is forgotten. */
  idsOf(walk: string): Int32Array | null {
    const ids = this.#walks.get(walk)
    if (ids === undefined) return null
    this.#remember(walk, ids)
    return ids
  }

  #remember(walk: string, ids: Int32Array): void {
    this.#walks.delete(walk)
    this.#walks.set(walk, ids)
    const [oldest] = this.#walks.keys()
    if (this.#walks.size > MAX_WALKS && oldest !== undefined) this.#walks.delete(oldest)
  }
}
