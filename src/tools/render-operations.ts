import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageInfo } from '../cli/package-info.ts'
import { METRICS } from '../observability/metrics/metrics.ts'

const BEGIN = '<!-- metrics: written by npm run docs -->'
const END = '<!-- /metrics -->'

/** `docs/operations.md` with the table of metrics as they are declared; everything else of it is written by hand. */
export function renderOperationsDocs(): string {
  const text = readFileSync(join(packageInfo().root, 'docs/operations.md'), 'utf8')
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined)
    throw new Error(`docs/operations.md has no place for the metrics: ${BEGIN} … ${END}`)
  return `${before}${BEGIN}\n\n${metricsTable()}\n\n${END}${after}`
}

function metricsTable(): string {
  const rows = Object.entries(METRICS).flatMap(([about, metrics]) => [
    `| **${about}** | | | |`,
    ...metrics.map(({ name, type, labels, help }) => {
      const named = labels.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${type} | ${named || '–'} | ${help} |`
    }),
  ])
  return ['| metric | type | labels | what it shows |', '|---|---|---|---|', ...rows].join('\n')
}
