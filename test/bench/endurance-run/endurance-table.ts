import type { Footprint } from '../probes/footprint.ts'
import type { Resources } from '../probes/resource-probe.ts'
import type { Endurance } from '../whatsapp/simulator-requests.ts'

/** The daemon after so many messages and reconnects. */
export interface Checkpoint {
  messages: number
  reconnects: number
  /** What the stage before it was like; `null` before the first. */
  load: (Endurance & { cpuPerMessageMs: number }) | null
  /** Messages, turns and replies that were under way still. */
  unfinished: number
  footprint: Footprint
  /** `null` where nobody counted. */
  resources: Resources | null
}

const COLUMNS: readonly { title: string; cell: (checkpoint: Checkpoint) => string }[] = [
  { title: 'messages', cell: ({ messages }) => String(messages) },
  { title: 'reconnects', cell: ({ reconnects }) => String(reconnects) },
  { title: 'RSS MiB', cell: ({ footprint }) => footprint.residentMib.toFixed(1) },
  { title: 'PSS MiB', cell: ({ footprint }) => footprint.proportionalMib.toFixed(1) },
  { title: 'files', cell: ({ footprint }) => String(footprint.openFiles) },
  { title: 'threads', cell: ({ footprint }) => String(footprint.threads) },
  { title: 'rows', cell: ({ footprint }) => String(totalRows(footprint)) },
  { title: 'disk MiB', cell: ({ footprint }) => footprint.filesMib.toFixed(1) },
  {
    title: 'messages/s',
    cell: ({ load }) => (load === null ? '' : (load.messages / load.seconds).toFixed(0)),
  },
  { title: 'CPU ms', cell: ({ load }) => (load === null ? '' : load.cpuPerMessageMs.toFixed(2)) },
  { title: 'lost', cell: ({ load }) => (load === null ? '' : String(load.unanswered)) },
  { title: 'twice', cell: ({ load }) => (load === null ? '' : String(load.repeated)) },
  { title: 'timers', cell: ({ resources }) => (resources === null ? '' : String(resources.timers)) },
  { title: 'listeners', cell: ({ resources }) => (resources === null ? '' : String(resources.listeners)) },
  {
    title: 'heap MiB',
    cell: ({ resources }) => (resources === null ? '' : resources.heapUsedMib.toFixed(1)),
  },
]

export function totalRows({ rows }: Footprint): number {
  return Object.values(rows).reduce((total, count) => total + count, 0)
}

/** The curve as a Markdown table. */
export function enduranceTable(checkpoints: readonly Checkpoint[]): string {
  const rows = [
    COLUMNS.map(({ title }) => title),
    ...checkpoints.map((each) => COLUMNS.map(({ cell }) => cell(each))),
  ]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const [head = [], ...body] = rows.map((row) =>
    row.map((cell, column) => cell.padStart(widths[column] ?? 0)),
  )
  const rule = widths.map((width) => `${'-'.repeat(Math.max(width - 1, 2))}:`)
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
