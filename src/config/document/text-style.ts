import type { Token } from '@humanwhocodes/momoa'
import type { ParsedConfig } from './parse.ts'
import { rangeOf } from './range-of.ts'
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
export function styleOf({ text, tokens, root }: ParsedConfig): TextStyle {
  const told = tokens.filter((token) => !isComment(token))
  const strings = told.filter(({ type }) => type === 'String')
  const single = strings.filter((token) => text[rangeOf(token)[0]] === "'").length
  const isEmpty = root.members.length === 0
  const quotesKeys = !isEmpty && namesAreQuoted(told)
  return {
    quote: single > strings.length - single || isEmpty ? "'" : '"',
    quotesKeys,
    // Where names stand without quotes it is no JSON anyway, and the next line is easier to add.
    trailingCommas: !quotesKeys || told.some((token, index) => isTrailingComma(token, told[index + 1])),
    indent: indentStep(text),
    newline: newlineOf(text),
    multiline: isEmpty || text.trim().includes('\n'),
  }
}

/** Plain names are tokens of their own kind; those in quotes are texts. */
function namesAreQuoted(told: readonly Token[]): boolean {
  return !told.some(({ type }) => type === 'Identifier')
}

function isTrailingComma({ type }: Token, next: Token | undefined): boolean {
  return type === 'Comma' && (next?.type === 'RBrace' || next?.type === 'RBracket')
}

function isComment({ type }: Token): boolean {
  return type === 'LineComment' || type === 'BlockComment'
}

/** The white space before the first line that has some, comments in the middle of a block apart. */
function indentStep(text: string): string {
  return /^([ \t]+)[^\s*]/m.exec(text)?.[1] ?? '  '
}
