/** What a reader could take for the end of a block, or for the beginning of another. */
const BRACKETS: Readonly<Record<string, string>> = { '[': '(', ']': ')', '<': '‹', '>': '›' }

/** Words of other people with round brackets, or single quotation marks, for those in which marks of ours stand. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[[\]<>]/g, (found) => BRACKETS[found] ?? found)
}
