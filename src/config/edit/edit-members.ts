import type { ConfigDocument } from '../document/config-document.ts'
import { type FoldedDocument, foldRanges } from '../document/fold-ranges.ts'
import type { Range } from '../document/json5-tree.ts'

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
 * What `edit` makes of the document, quickly also where the objects have thousands of members: `edit` gets it without most of those
 * that are not named. It may read, change, add and remove only named ones.
 */
export function editMembers(
  document: ConfigDocument,
  [members, ...others]: readonly NamedMembers[],
  edit: (document: ConfigDocument) => ConfigDocument,
): ConfigDocument {
  if (members === undefined) return edit(document)
  const folded = foldMembers(document, members)
  const after = editMembers(folded.document, others, edit)
  return folded.isWhole(after) ? folded.unfold(after) : editMembers(document, others, edit)
}

function foldMembers(document: ConfigDocument, { path, names }: NamedMembers): FoldedDocument {
  const holder = document.nodeAt(path)
  const members = holder?.type === 'object' && holder.members.length >= SHORTEST ? holder.members : []
  const isNeeded = members.map(
    (member, index) =>
      index < KEPT_AT_EACH_END || index >= members.length - KEPT_AT_EACH_END || names.has(member.name),
  )
  const ranges: Range[] = []
  let start: number | null = null
  for (const [index, member] of members.entries()) {
    // The neighbours stay too: what is removed may take a comment before or after it along.
    const stays = [index - 1, index, index + 1].some((near) => isNeeded[near] === true)
    if (!stays) start ??= member.range[0]
    else if (start !== null) {
      ranges.push([start, member.range[0]])
      start = null
    }
  }
  return foldRanges(document, ranges)
}
