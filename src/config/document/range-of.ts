/** Half-open, in characters. */
export type Range = readonly [start: number, end: number]

/** Where a node or a token stands. */
export function rangeOf(node: { range?: readonly number[] }): Range {
  const [start, end] = node.range ?? []
  if (start === undefined || end === undefined) throw new Error('the tree was parsed without ranges')
  return [start, end]
}
