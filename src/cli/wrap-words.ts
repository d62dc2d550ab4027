const COLUMNS = 80

/**
 * The text in lines for a terminal of 80 columns. The first one begins with `first`, the others with `indent` spaces. Words that are
 * longer, such as paths, stay whole.
 */
export function wrapWords(text: string, first: string, indent = first.length): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines.push(line)
      line = ' '.repeat(indent)
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}
