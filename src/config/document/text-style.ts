import type { ConfigDocument } from './config-document.ts'
import type { Range, Token } from './json5-tree.ts'
import { newlineOf } from './text-lines.ts'

/** How a file is written, as far as what is added to it should look the same. */
export interface TextStyle {
  quote: '"' | "'"
  /** Whether names stand in quotes also where they need none. */
  quotesKeys: boolean
  /** Whether what is written over several lines has a comma after its last item. */
  trailingCommas: boolean
  /** One step of it. */
  indent: string
  newline: '\n' | '\r\n'
  multiline: boolean
}

/**
 * Every trait as the text shows it, so that a file that is JSON stays JSON; of a text with the parts of several files, as the part shows it
 * in which the character at `at` stands.
 */
export function styleOf(document: ConfigDocument, at = 0): TextStyle {
  const { body, tokens, root, marks } = document
  const [part, inPart] = partAt(document, at)
  const written = tokens.filter((token) => token.kind !== 'comment' && inPart(token.range))
  const strings = written.filter(({ kind }) => kind === 'string')
  const single = strings.filter(({ range }) => body[range[0]] === "'").length
  const isEmpty = root.members.length === 0
  const quotesKeys = !isEmpty && !written.some(({ kind }) => kind === 'name')
  // The quotes of an include are not seen any more.
  const isUnseen = marks !== null && strings.length === 0 && !quotesKeys
  return {
    quote: single > strings.length - single || isEmpty || isUnseen ? "'" : '"',
    quotesKeys,
    // Where names stand without quotes it is no JSON anyway, and the next line is easier to add.
    trailingCommas: !quotesKeys || written.some((token, index) => isTrailingComma(token, written[index + 1])),
    indent: indentStep(part),
    newline: newlineOf(part),
    multiline: isEmpty || part.trim().includes('\n'),
  }
}

/** The innermost part of a file around the character at `at`: its text, and whether a range is in it and in no part inside of it. */
function partAt(
  { body, marks }: ConfigDocument,
  at: number,
): [text: string, isIn: (range: Range) => boolean] {
  if (marks === null) return [body, () => true]
  const open: number[] = []
  const parts: Range[] = []
  for (const { 0: mark, 1: edge, index } of body.matchAll(marks)) {
    if (edge === 'begin') open.push(index + mark.length)
    else parts.push([open.pop() ?? 0, index])
  }
  const contains = (part: Range, [start, end]: Range): boolean => part[0] <= start && end <= part[1]
  // A part that ends earlier is inside of one that ends later.
  const found = parts.find((part) => contains(part, [at, at])) ?? [0, body.length]
  const inside = parts.filter((part) => part !== found && contains(found, part))
  return [
    body.slice(...found),
    (range) => contains(found, range) && !inside.some((part) => contains(part, range)),
  ]
}

function isTrailingComma({ kind }: Token, next: Token | undefined): boolean {
  return kind === 'comma' && next?.kind === 'close'
}

/** The white space before the first line that has some, comments in the middle of a block apart. */
function indentStep(text: string): string {
  return /^([ \t]+)[^\s*]/m.exec(text)?.[1] ?? '  '
}
