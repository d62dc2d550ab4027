import type { ArrayNode, ValueNode } from '@humanwhocodes/momoa'
import { type FoldedText, foldRanges } from '../document/fold-ranges.ts'
import { nameOfMember, parseConfig } from '../document/parse.ts'
import { type Range, rangeOf } from '../document/range-of.ts'
import { splitBom } from '../document/split-bom.ts'

/** Entries at each end of a list that stay, so that its style can still be seen. */
const KEPT_AT_EACH_END = 8
const SHORTEST = 64

/**
 * The text with the middle of each long list left out, so that it is read quickly. A list stays as it is where one of the
 * names on the way to it is among `keys`. Throws `ConfigError` for a text that cannot be read.
 */
export function foldLists(text: string, keys: readonly string[]): FoldedText {
  const [bom, body] = splitBom(text)
  const lists = longLists(parseConfig(body).root, new Set(keys))
  const folded = foldRanges(
    body,
    lists.flatMap(({ elements }): Range[] => {
      const [first, last] = [elements[KEPT_AT_EACH_END], elements[elements.length - KEPT_AT_EACH_END]]
      return first === undefined || last === undefined
        ? []
        : [[rangeOf(first.value)[0], rangeOf(last.value)[0]]]
    }),
  )
  return { ...folded, text: bom + folded.text }
}

/** In their order. */
function longLists(node: ValueNode, keys: ReadonlySet<string>): ArrayNode[] {
  if (node.type === 'Array') {
    if (node.elements.length >= SHORTEST) return [node]
    return node.elements.flatMap(({ value }) => longLists(value, keys))
  }
  if (node.type !== 'Object') return []
  return node.members.flatMap((member) =>
    keys.has(nameOfMember(member)) ? [] : longLists(member.value, keys),
  )
}
