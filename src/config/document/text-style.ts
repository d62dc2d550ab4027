import type { ConfigDocument } from './config-document.ts'
import type { Token } from './json5-tree.ts'
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

/** Every trait as the text shows it, so that a file that is JSON stays JSON. */
export function styleOf({ body, tokens, root }: ConfigDocument): TextStyle {
  const written = tokens.filter(({ kind }) => kind !== 'comment')
  const strings = written.filter(({ kind }) => kind === 'string')
  const single = strings.filter(({ range }) => body[range[0]] === "'").length
  const isEmpty = root.members.length === 0
  const quotesKeys = !isEmpty && !written.some(({ kind }) => kind === 'name')
  return {
    quote: single > strings.length - single || isEmpty ? "'" : '"',
    quotesKeys,
    // Where names stand without quotes it is no JSON anyway, and the next line is easier to add.
    trailingCommas: !quotesKeys || written.some((token, index) => isTrailingComma(token, written[index + 1])),
    indent: indentStep(body),
    newline: newlineOf(body),
    multiline: isEmpty || body.trim().includes('\n'),
  }
}

function isTrailingComma({ kind }: Token, next: Token | undefined): boolean {
  return kind === 'comma' && next?.kind === 'close'
}

/** The white space before the first line that has some, comments in the middle of a block apart. */
function indentStep(text: string): string {
  return /^([ \t]+)[^\s*]/m.exec(text)?.[1] ?? '  '
}
