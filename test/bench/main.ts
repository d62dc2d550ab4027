/**
 * Measures the built daemon against a bare Baileys echo bot, in the same run, on the same machine, in turns.
 * stdout carries the table, or with `--json` exactly one JSON object; progress goes to stderr.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fetchNode } from '../support/fetch-node.ts'
import type { GroupSettings, Load } from './groups/group.ts'
import { figuresOf, GROUPS, groupsOf } from './groups/groups.ts'
import { type RunResult, runGroups } from './groups/run-groups.ts'
import { longListTable } from './large/long-list-table.ts'
import { stallTable } from './large/stall-table.ts'
import { type Figure, summarise } from './report/figures.ts'
import { readRecorded, writeRecorded } from './report/recorded.ts'
import { confirmed, type Regression, regressions, toRecord } from './report/regressions.ts'
import { table } from './report/table.ts'

const groupLines = Object.entries(GROUPS).map(
  ([name, { summary, isUsual }]) => `    ${name.padEnd(12)} ${isUsual ? '' : '(not usual) '}${summary}`,
)
const USAGE = `npm run -s bench -- [--groups NAMES] [--json | --markdown] [--rounds N] [--quick] [--only ours|bare] …

  --groups NAMES    what is measured, separated by commas; "usual" without it, "all" for everything:
${groupLines.join('\n')}
  --json            one JSON object on stdout instead of the table
  --markdown        the table as it stands in docs/benchmarks.md
  --rounds N        how often each is measured; medians are shown (default: of each group its own, at least five of the usual times)
  --quick           a tenth of the load and one round, for development: not for comparing
  --only NAME       measures one of the two
  --check           compares with test/bench/recorded.json; what is worse is measured again, and fails when it still is
  --record          writes test/bench/recorded.json
  --nodes VERSIONS  the same once for each of these versions of Node, such as 22,24, which npm installs, and for this one
  --node PATH       the Node that runs what is measured
  --idle-seconds N  how long an idle bot is watched (default 30)
  --program PATH    the built daemon (default dist/main.js)
  --node-flag FLAG  passed to Node before the daemon's program, such as --cpu-prof

Others than the table:
  --links           links 500 accounts in a row by QR and code, under random delays; exits with 1 when one stalls
  --stalls          how long the event loop is blocked at worst, step by step, on large state; exits with 1 beyond the budget
  --long-list       the same for an allowlist of 22,000 numbers (--rounds N, default 3)
  --dashboards, --agents   as --groups dashboards and --groups agents`

const FULL: Load = {
  roundTrips: 500,
  burst: 2_000,
  edits: 50,
  settleMs: 20_000,
  idleMs: 30_000,
  messages: 1_000_000,
  conversations: 10_000,
}
const QUICK: Load = {
  roundTrips: 50,
  burst: 200,
  edits: 10,
  settleMs: 2_000,
  idleMs: 2_000,
  messages: 50_000,
  conversations: 1_000,
}
const LINKS = 500

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BUILT = join(ROOT, 'dist/main.js')

const { values: options } = parseArgs({
  options: {
    groups: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    check: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    nodes: { type: 'string' },
    node: { type: 'string' },
    'idle-seconds': { type: 'string' },
    dashboards: { type: 'boolean', default: false },
    agents: { type: 'boolean', default: false },
    links: { type: 'boolean', default: false },
    stalls: { type: 'boolean', default: false },
    'long-list': { type: 'boolean', default: false },
    program: { type: 'string', default: BUILT },
    'node-flag': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
})

const progress = (line: string): void => void process.stderr.write(`${line}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

function build(): void {
  progress('building')
  // stdout is for the result alone.
  execFileSync(process.execPath, ['src/tools/build.mjs'], { cwd: ROOT, stdio: ['ignore', 2, 2] })
}

function wanted(): string {
  if (options.groups !== undefined) return options.groups
  if (options.dashboards) return 'dashboards'
  return options.agents ? 'agents' : 'usual'
}

function settingsFor(node: string | undefined): GroupSettings {
  const idleMs =
    options['idle-seconds'] === undefined ? {} : { idleMs: Number(options['idle-seconds']) * 1_000 }
  return {
    program: resolve(options.program),
    node,
    nodeFlags: options['node-flag'],
    load: { ...(options.quick ? QUICK : FULL), ...idleMs },
    progress,
  }
}

const machineWith = (version: string): string =>
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${version}`

interface Result extends RunResult {
  names: string
  figures: Record<string, Figure>
}

async function run(names: string, node = options.node): Promise<Result> {
  const groups = groupsOf(names)
  const { only } = options
  if (only !== undefined && only !== 'ours' && only !== 'bare') throw new RangeError('--only is ours or bare')
  const rounds = options.rounds === undefined ? (options.quick ? 1 : undefined) : Number(options.rounds)
  const result = await runGroups(groups, { rounds, only }, settingsFor(node))
  return { ...result, names, figures: summarise(figuresOf(groups), result.rounds) }
}

/** The table, and what could not be measured. */
function show({ names, figures, failures }: Result, version: string): void {
  if (options.json) print(JSON.stringify({ machine: machineWith(version), figures, failures }))
  else {
    const definitions = figuresOf(groupsOf(names))
    const rows = Object.entries(figures).map(([name, figure]) => ({
      name,
      label: definitions[name]?.label ?? name,
      figure,
    }))
    print(`${machineWith(version)}\n\n${table(rows, options.markdown ? 'markdown' : 'text')}\n`)
    for (const failure of failures) print(`NOT MEASURED ${failure}`)
  }
  if (failures.length > 0) process.exitCode = 1
}

async function runOnEach(versions: readonly string[]): Promise<void> {
  for (const version of [process.versions.node, ...versions]) {
    const node = version === process.versions.node ? options.node : fetchNode(version)
    progress(`Node ${version}`)
    show(await run(wanted(), node), version)
  }
}

function regressionsOf({ names, figures }: Result): Regression[] {
  const definitions = figuresOf(groupsOf(names))
  const recorded = Object.entries(readRecorded().figures).filter(([name]) => name in figures)
  return regressions(definitions, Object.fromEntries(recorded), figures)
}

/** What is worse is measured once more, with all of its group. */
async function check(first: Result): Promise<void> {
  if (!Object.keys(readRecorded().figures).some((name) => name in first.figures)) {
    print('nothing is recorded of these groups: make bench ARGS=--record')
    process.exitCode = 1
    return
  }
  const worse = regressionsOf(first)
  const groups = Object.entries(groupsOf(first.names))
    .filter(([, { figures }]) => worse.some(({ name }) => name in figures))
    .map(([name]) => name)
  if (groups.length > 0) progress(`worse than recorded: ${worse.map(({ name }) => name).join(', ')}; again`)
  const still = groups.length === 0 ? [] : confirmed(worse, regressionsOf(await run(groups.join(','))))
  for (const { name, recorded, now, by, limit } of still)
    print(`WORSE ${name}: ${now}, recorded ${recorded} (${percent(by)} worse, at most ${percent(limit)})`)
  print(still.length === 0 ? 'no regression against what was recorded' : `${still.length} regressions`)
  if (still.length > 0) process.exitCode = 1
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(0)} %` : 'beyond measure'
}

/** The script has a process of its own, and its own options behind ours. */
function runLinks(): void {
  const args = ['--import', 'tsx', join(ROOT, 'test/bench/links.ts'), '--count', String(LINKS)]
  process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1
}

async function main(): Promise<void> {
  const rounds = Number(options.rounds ?? 3)
  if (options.help || !Number.isInteger(rounds) || rounds < 1) {
    progress(USAGE)
    process.exitCode = options.help ? 0 : 2
    return
  }
  if (options.only !== 'bare' && options.program === BUILT && !existsSync(BUILT)) build()
  if (options.links) return runLinks()
  if (options['long-list'])
    return print(await longListTable(resolve(options.program), rounds, options.json, progress))
  if (options.stalls) {
    const { text, isKept } = await stallTable(settingsFor(options.node), options.json)
    print(text)
    process.exitCode = isKept ? 0 : 1
    return
  }
  if (options.nodes !== undefined) return runOnEach(options.nodes.split(','))
  const result = await run(wanted())
  show(result, process.version)
  if (options.record && result.failures.length === 0)
    writeRecorded(machineWith(process.version), toRecord(figuresOf(groupsOf(result.names)), result.figures))
  if (options.check) await check(result)
}

await main()
