import { plainText } from '../plain-text.ts'
import type { TextReader } from '../text-reader.ts'
import type { Token } from 'markdown-it'
import { formatMarkdown } from './format-markdown.ts'
import { parseBlocks } from './markdown-parser.ts'

/** Blocks that a blank line always ends. */
const ENDED_BY_BLANK: ReadonlySet<string> = new Set([
  'paragraph_open',
  'heading_open',
  'hr',
  'table_open',
  'blockquote_open',
])

/** Markdown: a paragraph is a block with a blank line behind it, however many blank lines are inside (a list, code). */
export const markdownText: TextReader = {
  format: formatMarkdown,

  paragraphEnds(text) {
    const tokens = parseBlocks(text)
    if (tokens === null) return plainText.paragraphEnds(text)
    const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/)
    const starts = startsOf(lines)
    const blocks = tokens.filter(({ level, nesting, map }) => level === 0 && nesting >= 0 && map !== null)
    const ends: number[] = []
    for (const [index, { map }] of blocks.entries()) {
      const line = map?.[0] ?? 0
      // What stands behind the end of an element, on its line, goes with it.
      const isBehind = line >= (blocks[index - 1]?.map?.[1] ?? Number.POSITIVE_INFINITY)
      if (isBehind && isBlank(lines[line - 1])) ends.push(starts[line] ?? text.length)
    }
    const last = blocks.at(-1)
    if (last !== undefined && isBlank(lines.at(-1)) && isEnded(last, lines)) ends.push(text.length)
    return ends
  },
}

/** Whether no further line can belong to the block. There is a blank line behind it. */
function isEnded({ type, map, meta }: Token, lines: readonly string[]): boolean {
  if (type === 'hidden_element') return meta?.isClosed === true
  if (type !== 'fence') return ENDED_BY_BLANK.has(type)
  // Without its closing marks it goes on to the end of the text, the blank line included.
  return (map?.[1] ?? lines.length) <= lines.findLastIndex((line) => !isBlank(line)) + 1
}

function startsOf(lines: readonly string[]): number[] {
  let position = 0
  return lines.map((line) => {
    const start = position
    position += line.length
    return start
  })
}

function isBlank(line: string | undefined): boolean {
  return line !== undefined && /^[ \t\r\n]*$/.test(line) && line !== ''
}
