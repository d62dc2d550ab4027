import type { Token } from 'markdown-it'
import { cutText } from '../bounded-text.ts'
import { type FormattedLine, formatLines } from './format-line.ts'
import { type Piece, toPieces } from './inline-pieces.ts'

/** Of a column's name, where it stands a second time. */
const MAX_LABEL_LENGTH = 100

/**
 * A table as a list, which a phone's narrow lines do not break: each row begins with its first cell in bold, and the others
 * follow as "column: cell"; from the second row on a long name of a column is cut. Answers the lines of each row. Empty cells are left out; a table of one column is a list.
 */
export function formatTable(tokens: readonly Token[]): FormattedLine[][] {
  const [head = [], ...body] = rowsOf(tokens)
  if (body.length === 0)
    return [
      formatLines(
        head.flatMap((cell, index) => [...(index === 0 ? [] : [text(', ')]), ...cell]),
        ['bold'],
      ),
    ]
  if (head.length === 1) return [[...title(head[0] ?? []), ...body.flatMap(([cell = []]) => item([], cell))]]
  const shortHead = head.map(shortened)
  return body
    .map(([first = [], ...others], index) => {
      const [corner = [], ...columns] = index === 0 ? head : shortHead
      const cells = columns.flatMap((column, place) => item(column, others[place] ?? []))
      return [...title(isEmpty(first) ? [] : [...label(corner), ...first]), ...cells]
    })
    .filter((lines) => lines.length > 0)
}

function rowsOf(tokens: readonly Token[]): Piece[][][] {
  const rows: Piece[][][] = []
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([])
    if (token.type === 'inline') rows.at(-1)?.push(inOneLine(toPieces(token.children ?? [])))
  }
  return rows
}

function inOneLine(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => (piece.kind === 'break' ? text(', ') : piece))
}

function title(cell: Piece[]): FormattedLine[] {
  return isEmpty(cell) ? [] : formatLines(cell, ['bold'])
}

function item(column: Piece[], cell: Piece[]): FormattedLine[] {
  if (isEmpty(cell)) return []
  const [line = { text: '', wrapped: [] }] = formatLines([text('- '), ...label(column), ...cell])
  return [line]
}

function shortened(column: Piece[]): Piece[] {
  const words = column.map((piece) => ('text' in piece ? piece.text : '')).join('')
  return words.length <= MAX_LABEL_LENGTH ? column : [text(cutText(words, MAX_LABEL_LENGTH))]
}

function label(column: Piece[]): Piece[] {
  return isEmpty(column) ? [] : [...column, text(': ')]
}

function isEmpty(cell: readonly Piece[]): boolean {
  return cell.every((piece) => !('text' in piece) || piece.text.trim() === '')
}

function text(value: string): Piece {
  return { kind: 'text', text: value }
}
