import { percentile } from '../report/percentile.ts'
import type { ScaleFigures, Start } from './scale-run.ts'

const HEAD = ['figure', 'p50', 'p99', 'most', 'unit'] as const

/** As Markdown: one line a figure, over all daemons. */
export function scaleTable(figures: ScaleFigures): string {
  const { atOnce, spread, idle, answers, outage } = figures
  const rows: string[][] = [
    ...startRows('all at once', atOnce),
    ...startRows('spread', spread),
    over(
      'proportional memory (PSS), idle',
      idle.memory.map(({ proportionalMib }) => proportionalMib),
      'MiB',
    ),
    over(
      'anonymous memory, idle',
      idle.memory.map(({ anonymousMib }) => anonymousMib),
      'MiB',
    ),
    over('CPU a minute, idle', idle.cpuPerMinuteMs, 'ms'),
    over('wakeups, idle', idle.wakeupsPerSecond, '1/s'),
    over('a message to each at once: round trip', seconds(answers.roundTripsMs), 's'),
    over('a message to each: CPU', answers.cpuMs, 'ms'),
    one('a message to each: lost, twice', answers.lost + answers.twice, 'messages'),
    over('after the outage: back', seconds(outage.reconnectsMs), 's'),
    over('outage, return and a message each: CPU', outage.cpuMs, 'ms'),
    one('outage: attempts refused, of all', outage.attempts, 'attempts'),
    one('outage: attempts in a second, at most', outage.peakAttemptsPerSecond, '1/s'),
    one('after the outage: logins in a second, at most', outage.peakLoginsPerSecond, '1/s'),
    one('never back', outage.away, 'daemons'),
    one('messages in the outage: lost, twice', outage.lost + outage.twice, 'messages'),
  ]
  const widths = HEAD.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(HEAD), line(rule), ...rows.map(line)].join('\n')
}

/** Whether nothing was lost, nothing came twice and everybody is back. */
export function isSound({ answers, outage }: ScaleFigures): boolean {
  return answers.lost + answers.twice + outage.lost + outage.twice + outage.away === 0
}

function startRows(how: string, { connectedMs, tookMs, cpuMs }: Start): string[][] {
  return [
    over(`start, ${how}: spawn to connected`, seconds(connectedMs), 's'),
    one(`start, ${how}: until the last is connected`, tookMs / 1_000, 's'),
    over(`start, ${how}: CPU until then`, cpuMs, 'ms'),
  ]
}

function over(label: string, values: readonly number[], unit: string): string[] {
  return [label, ...[0.5, 0.99, 1].map((share) => shown(percentile(values, share))), unit]
}

function one(label: string, value: number, unit: string): string[] {
  return [label, '', '', shown(value), unit]
}

function seconds(values: readonly number[]): number[] {
  return values.map((ms) => ms / 1_000)
}

function shown(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value))
  return value.toFixed(value < 10 ? 2 : 1)
}

/** The first and the last column are read from the left. */
function isText(column: number): boolean {
  return column === 0 || column === HEAD.length - 1
}
