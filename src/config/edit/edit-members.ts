import { type FoldedText, foldRanges } from '../document/fold-ranges.ts'
import { nameOfMember, nodeAt, parseConfig } from '../document/parse.ts'
import { type Range, rangeOf } from '../document/range-of.ts'
import { splitBom } from '../document/split-bom.ts'

/** Members at each end of an object that stay, so that its style can still be seen. */
const KEPT_AT_EACH_END = 8
const SHORTEST = 64

/** Members of one object. */
export interface NamedMembers {
  /** Of the object. */
  path: readonly string[]
  names: ReadonlySet<string>
}

/**
 * What `edit` makes of the text, quickly also where the objects have thousands of members: `edit` gets the text without most of those
 * that are not named. It may read, change, add and remove only named ones.
 */
export function editMembers(
  text: string,
  [members, ...others]: readonly NamedMembers[],
  edit: (text: string) => string,
): string {
  if (members === undefined) return edit(text)
  const folded = foldMembers(text, members)
  const after = editMembers(folded.text, others, edit)
  return folded.isWhole(after) ? folded.unfold(after) : editMembers(text, others, edit)
}

function foldMembers(text: string, { path, names }: NamedMembers): FoldedText {
  const [bom, body] = splitBom(text)
  const holder = nodeAt(parseConfig(body).root, path)
  const members = holder?.type === 'Object' && holder.members.length >= SHORTEST ? holder.members : []
  const isNeeded = members.map(
    (member, index) =>
      index < KEPT_AT_EACH_END ||
      index >= members.length - KEPT_AT_EACH_END ||
      names.has(nameOfMember(member)),
  )
  const ranges: Range[] = []
  let start: number | null = null
  for (const [index, member] of members.entries()) {
    // The neighbours stay too: what is removed may take a comment before or after it along.
    const stays = [index - 1, index, index + 1].some((near) => isNeeded[near] === true)
    if (!stays) start ??= rangeOf(member)[0]
    else if (start !== null) {
      ranges.push([start, rangeOf(member)[0]])
      start = null
    }
  }
  const folded = foldRanges(body, ranges)
  return { ...folded, text: bom + folded.text }
}
