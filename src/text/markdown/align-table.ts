import type { Token } from 'markdown-it'
import stringWidth from 'string-width'
import { toPieces } from './inline-pieces.ts'

/** Of a line of code on a phone, in columns; a longer one is broken, and the columns with it. */
const MAX_WIDTH = 40
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
/** Around a cell, so that the order of the columns stays although it runs from right to left. They take no column. */
const ISOLATE = ['\u2068', '\u2069'] as const

interface Cell {
  text: string
  width: number
  align: 'left' | 'right' | 'center'
}

/**
 * A table as lines of the same width in a font with fixed columns, its cells without marks; `null` where it is too wide for a phone, or
 * cannot stand in code. Chinese, Japanese, Korean and most emojis are two columns wide.
 */
export function alignTable(tokens: readonly Token[]): string[] | null {
  const rows = rowsOf(tokens)
  const count = Math.max(0, ...rows.map(({ length }) => length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...rows.map((row) => row[column]?.width ?? 0)),
  )
  const total = widths.reduce((sum, width) => sum + width, 3 * Math.max(0, count - 1))
  if (count === 0 || total > MAX_WIDTH) return null
  if (rows.some((row) => row.some(({ text }) => text.includes('```')))) return null
  const [head = '', ...body] = rows.map((row) =>
    widths
      .map((width, column) => padded(row[column], width))
      .join(' | ')
      .trimEnd(),
  )
  return [head, widths.map((width) => '-'.repeat(width)).join('-+-'), ...body]
}

function rowsOf(tokens: readonly Token[]): Cell[][] {
  const rows: Cell[][] = []
  let align: Cell['align'] = 'left'
  for (const token of tokens) {
    if (token.type === 'tr_open') rows.push([])
    if (token.type === 'th_open' || token.type === 'td_open') align = alignOf(token)
    if (token.type !== 'inline') continue
    const text = toPieces(token.children ?? [])
      .map((piece) => ('text' in piece ? piece.text : piece.kind === 'break' ? ' ' : ''))
      .join('')
      .trim()
    rows.at(-1)?.push({ text, width: stringWidth(text), align })
  }
  return rows
}

function alignOf(token: Token): Cell['align'] {
  const style = String(token.attrGet('style'))
  return style.includes('right') ? 'right' : style.includes('center') ? 'center' : 'left'
}

function padded(cell: Cell | undefined, width: number): string {
  const { text, width: own, align } = cell ?? { text: '', width: 0, align: 'left' }
  const space = width - own
  const before = align === 'right' ? space : align === 'center' ? space >> 1 : 0
  const shown = RIGHT_TO_LEFT.test(text) ? ISOLATE.join(text) : text
  return ' '.repeat(before) + shown + ' '.repeat(space - before)
}
