import type { Figure } from './figures.ts'

const COLUMNS = ['', 'ours', 'bare', 'ratio', 'unit'] as const

/** Plain text, one line a figure. */
export function table(rows: readonly { label: string; figure: Figure }[]): string {
  const cells = [
    [...COLUMNS],
    ...rows.map(({ label, figure }) => [
      label,
      number(figure.ours),
      number(figure.bare),
      figure.ratio === null ? '–' : `${figure.ratio.toFixed(2)}×`,
      figure.unit,
    ]),
  ]
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column === 0 || column === COLUMNS.length - 1 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function number(value: number | null): string {
  if (value === null) return '–'
  return value >= 100 || Number.isInteger(value)
    ? String(Math.round(value))
    : value.toFixed(value < 10 ? 2 : 1)
}
