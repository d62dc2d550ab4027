import type { StateBlock } from 'markdown-it'
import { FOR_PROGRAMS, HIDDEN_ELEMENTS } from './element-names.ts'
import { lastIndexIn } from './last-index.ts'

const START = /^<(?:([A-Za-z][A-Za-z0-9_]*)(?=[\s>/])|(!--))/

/**
 * An element that no person is meant to see, and a comment, at the start of a line: a block of its own, blank lines
 * included, to its end or the end of the text. What follows its end on the line is a paragraph. Where the text is whole
 * (`isWhole` in the parser's environment) a comment or a script without an end hides nothing: somebody writes about it.
 */
export function hiddenElementRule(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false
  const found = START.exec(lineAt(state, startLine))
  if (found === null) return false
  const name = found[1]?.toLowerCase()
  if (name !== undefined && !HIDDEN_ELEMENTS.has(name)) return false
  if (state.env.isWhole === true && state.level === 0 && !hasEnd(state, startLine, name)) return false
  if (silent) return true
  const end = name === undefined ? /-->/ : new RegExp(`</${name}\\s*>|^<${name}[^>]*/>`, 'i')
  let line = startLine
  let found_end = end.exec(lineAt(state, line))
  while (found_end === null && line + 1 < endLine && !isOutside(state, line + 1)) {
    line += 1
    found_end = end.exec(lineAt(state, line))
  }
  state.line = line + 1
  const token = state.push('hidden_element', '', 0)
  token.map = [startLine, state.line]
  token.meta = { isClosed: found_end !== null }
  const rest =
    found_end === null
      ? ''
      : lineAt(state, line)
          .slice(found_end.index + found_end[0].length)
          .trim()
  if (rest !== '') pushParagraph(state, line, rest)
  return true
}

function pushParagraph(state: StateBlock, line: number, content: string): void {
  state.push('paragraph_open', 'p', 1).map = [line, line + 1]
  const inline = state.push('inline', '', 0)
  inline.content = content
  inline.map = [line, line + 1]
  inline.children = []
  state.push('paragraph_close', 'p', -1)
}

/** What is for programs may have been cut off. */
function hasEnd(state: StateBlock, line: number, name: string | undefined): boolean {
  if (name !== undefined && FOR_PROGRAMS.has(name)) return true
  return lastIndexIn(state, name === undefined ? '-->' : `</${name}`) >= (state.bMarks[line] ?? 0)
}

/** The line belongs to what is around the list item or quote that the element stands in. */
function isOutside(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent
}

function lineAt(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
}
