import { BUDGETS } from './budgets.ts'
import { describeBudget } from './describe-budget.ts'
import type { Figure } from './figures.ts'

const COLUMNS = ['figure', 'ours', 'bare', 'ratio', 'spread', 'unit', 'budget'] as const
const ALIGNED_RIGHT: ReadonlySet<string> = new Set(['ours', 'bare', 'ratio', 'spread'])

export interface Row {
  name: string
  label: string
  figure: Figure
}

/** One line a figure, in columns; as Markdown when asked. */
export function table(rows: readonly Row[], style: 'text' | 'markdown'): string {
  const cells = [[...COLUMNS], ...rows.map(cellsOf)]
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => row.map((cell, column) => pad(cell, column, widths[column] ?? 0)))
  if (style === 'text') return lines.map((line) => line.join('  ').trimEnd()).join('\n')
  const rule = COLUMNS.map((name, column) => {
    const dashes = '-'.repeat(Math.max(3, widths[column] ?? 0))
    return ALIGNED_RIGHT.has(name) ? `${dashes.slice(1)}:` : dashes
  })
  const [head = [], ...body] = lines
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function cellsOf({ name, label, figure }: Row): string[] {
  const ratio = figure.ratio === null ? '–' : `${figure.ratio.toFixed(2)}×`
  const spread = figure.spread === null ? '–' : `±${(figure.spread * 100).toFixed(0)} %`
  const budget = describeBudget(BUDGETS[name], figure)
  return [label, number(figure.ours), number(figure.bare), ratio, spread, figure.unit, budget]
}

function pad(cell: string, column: number, width: number): string {
  return ALIGNED_RIGHT.has(COLUMNS[column] ?? '') ? cell.padStart(width) : cell.padEnd(width)
}

function number(value: number | null): string {
  if (value === null) return '–'
  return value >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : value.toFixed(value < 10 ? 2 : 1)
}
