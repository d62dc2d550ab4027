import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Hands each item to `visit`, in order, at most `perTurn` of them in one turn of the event loop: a long list holds nothing else up.
 * What comes meanwhile is handled in between, so nothing that `visit` needs may change. Rejects with what it throws.
 */
export async function inTurns<Item>(
  items: Iterable<Item>,
  perTurn: number,
  visit: (item: Item) => void,
): Promise<void> {
  let visited = 0
  for (const item of items) {
    if (visited > 0 && visited % perTurn === 0) await nextTurn()
    visit(item)
    visited += 1
  }
}
