import type { ConfigDocument } from '../document/config-document.ts'
import { type FoldedDocument, foldRanges } from '../document/fold-ranges.ts'
import type { ArrayNode, Range, ValueNode } from '../document/json5-tree.ts'

/** Entries at each end of a list that stay, so that its style can still be seen. */
const KEPT_AT_EACH_END = 8
const SHORTEST = 64

/**
 * The document with the middle of each long list left out, so that it is read quickly. A list stays as it is where one of the
 * names on the way to it is among `keys`. Throws `ConfigError` for a text that cannot be read.
 */
export function foldLists(document: ConfigDocument, keys: readonly string[]): FoldedDocument {
  const lists = longLists(document.root, new Set(keys))
  return foldRanges(
    document,
    lists.flatMap(({ elements }): Range[] => {
      const [first, last] = [elements[KEPT_AT_EACH_END], elements[elements.length - KEPT_AT_EACH_END]]
      return first === undefined || last === undefined ? [] : [[first.range[0], last.range[0]]]
    }),
  )
}

/** In their order. */
function longLists(node: ValueNode, keys: ReadonlySet<string>): ArrayNode[] {
  if (node.type === 'array') {
    if (node.elements.length >= SHORTEST) return [node]
    return node.elements.flatMap((element) => longLists(element, keys))
  }
  if (node.type !== 'object') return []
  return node.members.flatMap(({ name, value }) => (keys.has(name) ? [] : longLists(value, keys)))
}
