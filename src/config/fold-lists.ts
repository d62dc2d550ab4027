import type { ArrayNode, ValueNode } from '@humanwhocodes/momoa'
import { nameOfMember, parseConfig } from './parse.ts'
import { rangeOf } from './range-of.ts'
import { splitBom } from './split-bom.ts'

/** Entries at each end of a list that stay, so that its style can still be seen. */
const KEPT_AT_EACH_END = 8
const SHORTEST = 64

export interface FoldedText {
  /** Valid JSON5 as well; a comment stands in place of what is left out. */
  text: string
  /** Puts back what was left out into the edited text. */
  unfold(edited: string): string
}

/**
 * The text with the middle of each long list left out, so that it is read quickly. A list stays as it is where one of the
 * names on the way to it is among `keys`. Throws `ConfigError` for a text that cannot be read.
 */
export function foldLists(text: string, keys: readonly string[]): FoldedText {
  const [bom, body] = splitBom(text)
  const lists = longLists(parseConfig(body).root, new Set(keys))
  const mark = unusedMark(body)
  const middles: string[] = []
  let folded = ''
  let from = 0
  for (const { elements } of lists) {
    const [first, last] = [elements[KEPT_AT_EACH_END], elements[elements.length - KEPT_AT_EACH_END]]
    if (first === undefined || last === undefined) continue
    const [start, end] = [rangeOf(first.value)[0], rangeOf(last.value)[0]]
    folded += `${body.slice(from, start)}/*${mark}${middles.length}*/`
    middles.push(body.slice(start, end))
    from = end
  }
  return {
    text: bom + folded + body.slice(from),
    // A mark that is gone went with the list around it.
    unfold: (edited) =>
      middles.reduce((each, middle, index) => each.replace(`/*${mark}${index}*/`, () => middle), edited),
  }
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

function unusedMark(text: string): string {
  let mark = 'left out '
  while (text.includes(mark)) mark = `.${mark}`
  return mark
}
