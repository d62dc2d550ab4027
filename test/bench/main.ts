/**
 * Measures the built daemon against a bare Baileys echo bot, in the same run, on the same machine, in turns.
 * stdout carries the table, or with `--json` exactly one JSON object; progress goes to stderr.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureAgents } from './agents.ts'
import { BareBot } from './bare.ts'
import type { Bot } from './bot.ts'
import { measureDashboards } from './dashboards.ts'
import {
  type Figure,
  type FigureDefinition,
  FIGURES,
  FURTHER_FIGURES,
  type MeasuredRounds,
  summarise,
} from './figures.ts'
import { measureLongList } from './long-list.ts'
import { type Load, measureRound, type RoundFigures } from './measure-round.ts'
import { OurBot } from './ours.ts'
import { table } from './table.ts'

const USAGE = `npm run -s bench -- [--json | --markdown] [--rounds N] [--quick] [--only ours|bare] [--program PATH] [--node-flag FLAG]...

  --json            one JSON object on stdout instead of the table
  --markdown        the table as it stands in docs/benchmarks.md
  --rounds N        how often each bot is measured; medians are shown (default 3)
  --quick           one round of a tenth of the load, for development: not for comparing
  --only NAME       measures one of the two
  --dashboards      instead: a thousand dashboards on one daemon, and how soon each QR is at all of them
  --agents          instead: what the daemon adds to the time of each kind of assistant
  --long-list       instead: how long the event loop is held up by an allowlist of 22,000 numbers (--rounds N, default 3)
  --program PATH    the built daemon (default dist/main.js)
  --node-flag FLAG  passed to Node before the daemon's program, such as --cpu-prof`

const FULL: Load = { roundTrips: 500, burst: 2_000, edits: 100, idleMs: 20_000 }
const QUICK: Load = { roundTrips: 50, burst: 200, edits: 10, idleMs: 2_000 }

const DASHBOARDS = { dashboards: 1_000, stalled: 20, offers: 20 }

/** Questions to each assistant. */
const AGENT_MESSAGES = 100

const LONG_LIST = 22_000
/** Of these the file is still read at once, in the same thread. */
const SHORT_LIST = 1_100

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BUILT = join(ROOT, 'dist/main.js')

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    dashboards: { type: 'boolean', default: false },
    agents: { type: 'boolean', default: false },
    'long-list': { type: 'boolean', default: false },
    program: { type: 'string', default: BUILT },
    'node-flag': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
})

const progress = (line: string): void => void process.stderr.write(`${line}\n`)

function build(): void {
  progress('building')
  // stdout is for the result alone.
  execFileSync(process.execPath, ['src/tools/build.mjs'], { cwd: ROOT, stdio: ['ignore', 2, 2] })
}

async function measure(name: Bot['name'], load: Load): Promise<RoundFigures> {
  const program = resolve(options.program)
  const bot = name === 'ours' ? new OurBot({ program, nodeFlags: options['node-flag'] }) : new BareBot()
  const figures = await measureRound(bot, load)
  const { burst, firstQrMs, idleMemoryMib, cpuPerMessageMs } = figures
  progress(
    `  ${name}: QR ${firstQrMs.toFixed(0)} ms, idle ${idleMemoryMib.toFixed(0)} MiB, ${cpuPerMessageMs.toFixed(1)} ms CPU a message, ` +
      `${(burst.arrived / burst.seconds).toFixed(0)} replies/s, ${burst.undecryptable} undecryptable`,
  )
  return figures
}

async function run(rounds: number): Promise<MeasuredRounds> {
  const load = options.quick ? QUICK : FULL
  const measured: Record<Bot['name'], RoundFigures[]> = { ours: [], bare: [] }
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`)
    for (const name of ['ours', 'bare'] as const) {
      if (options.only === undefined || options.only === name) measured[name].push(await measure(name, load))
    }
  }
  return measured
}

function print(measured: MeasuredRounds): void {
  const figures = summarise(FIGURES, measured)
  if (options.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return
  }
  const further = summarise(FURTHER_FIGURES, measured)
  const definitions: Record<string, FigureDefinition> = { ...FIGURES, ...FURTHER_FIGURES }
  const rows = Object.entries<Figure>({ ...figures, ...further }).flatMap(([name, figure]) => {
    const definition = definitions[name]
    return definition === undefined ? [] : [{ definition, figure }]
  })
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`
  process.stdout.write(`${machine}\n\n${table(rows, options.markdown ? 'markdown' : 'text')}\n`)
}

async function printDashboards(): Promise<void> {
  const { dashboards, stalled, offers } = DASHBOARDS
  const figures = await measureDashboards(resolve(options.program), DASHBOARDS, progress)
  const { p50Ms, p99Ms, maxMs, arrived, expected, memoryBeforeMib, memoryWithMib, memoryAfterMib } = figures
  const perSocketKib = ((memoryWithMib - memoryBeforeMib) * 1024) / dashboards
  process.stdout.write(
    `${offers} QRs at ${dashboards} dashboards, ${stalled} of which do not read: ${arrived} of ${expected} arrived, ` +
      `p50 ${p50Ms} ms, p99 ${p99Ms} ms, max ${maxMs} ms after Baileys made them\n` +
      `resident memory ${memoryBeforeMib.toFixed(0)} MiB, with the dashboards ${memoryWithMib.toFixed(0)} MiB ` +
      `(${perSocketKib.toFixed(0)} KiB each), after the QRs ${memoryAfterMib.toFixed(0)} MiB\n`,
  )
}

async function printAgents(): Promise<void> {
  const figures = await measureAgents(resolve(options.program), AGENT_MESSAGES, progress)
  if (options.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return
  }
  const [echo] = figures
  const lines = figures.map(({ connector, p50Ms, p99Ms, unanswered }) => {
    const ratio = echo === undefined ? '–' : `${(p50Ms / echo.p50Ms).toFixed(2)}×`
    return `| ${connector} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${ratio} | ${unanswered} |`
  })
  process.stdout.write(
    [
      '| assistant | added, ms: median | p99 | against `echo` | unanswered |',
      '|---|---:|---:|---:|---:|',
      ...lines,
      '',
    ].join('\n'),
  )
}

async function printLongList(rounds: number): Promise<void> {
  const program = resolve(options.program)
  const short = await measureLongList(program, { numbers: SHORT_LIST, rounds }, progress)
  const figures = await measureLongList(program, { numbers: LONG_LIST, rounds }, progress)
  if (options.json) {
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    return
  }
  const lines = figures.map(({ step, tookMs, stallsMs, ownStallsMs, ownCpuMs, cpuMs }) => {
    const [best, worst] = [Math.min(...stallsMs), Math.max(...stallsMs)]
    const stalls = short.find((figure) => figure.step === step)?.stallsMs ?? []
    const own = [Math.min(...ownStallsMs), Math.max(...ownStallsMs)]
    const cells = [tookMs, best, worst, ...own, Math.min(...stalls), ownCpuMs, cpuMs].map((value) =>
      value.toFixed(0),
    )
    return `| ${step} | ${cells.join(' | ')} |`
  })
  process.stdout.write(
    [
      '| step | took, ms | longest stall, ms: best round | worst round | without other programs: best round | worst round | best round with 1,100 numbers | CPU of that thread, ms | CPU, ms |',
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
      ...lines,
      '',
    ].join('\n'),
  )
}

async function main(): Promise<void> {
  const rounds = Number(options.rounds ?? (options.quick ? 1 : 3))
  if (options.help || !Number.isInteger(rounds) || rounds < 1) {
    progress(USAGE)
    process.exitCode = options.help ? 0 : 2
    return
  }
  if (options.only !== 'bare' && options.program === BUILT && !existsSync(BUILT)) build()
  if (options.dashboards) await printDashboards()
  else if (options.agents) await printAgents()
  else if (options['long-list']) await printLongList(rounds)
  else print(await run(rounds))
}

await main()
