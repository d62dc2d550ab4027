/** `make faults`: hurts the built daemon at random instants and counts at the phones what became of every message. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assistantOfLife } from './assistants/assistant-of-life.ts'
import type { Bot, BotSetting } from './bot.ts'
import { playBusinessCampaign } from './business/business-campaign.ts'
import { businessClosingLine, isBusinessClean } from './business/business-counts.ts'
import { BUSINESS_FAULTS } from './business/business-faults.ts'
import { type CampaignResult, playCampaign } from './campaign.ts'
import { closingLine, isClean } from './counts.ts'
import { BUILT_MAIN } from '../support/command-line.ts'
import { DaemonBot } from './daemon-bot.ts'
import { ALL_FAULTS } from './kinds/all-faults.ts'
import type { FaultKind } from './kinds/fault-kind.ts'
import { PlainBot } from './plain-bot.ts'
import { SmallDisk } from './small-disk.ts'

const USAGE = `faults --runs <n> --seed <n> [--business] [--bare] [--bare-runs <n>] [--only a,b] [--without a,b] [--program main.js] [--keep] [--verbose] [--trace]
kinds: ${ALL_FAULTS.map(({ name }) => name).join(', ')}
with --business: ${BUSINESS_FAULTS.map(({ name }) => name).join(', ')}`

/** Longer than an acknowledgement's timeout and a retry. */
const PATIENCE_MS = { ordinary: 30_000, leftAlone: 100_000 }
/** What the bare bot has not answered by then, it never does. */
const BARE_PATIENCE_MS = { ordinary: 3_000, leftAlone: 3_000 }
const PROGRESS_EVERY = 10
const TAIL_LINES = 12
/** In which everything that was closed lets go of the process. */
const EXIT_WITHIN_MS = 10_000

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    bare: { type: 'boolean', default: false },
    business: { type: 'boolean', default: false },
    'bare-runs': { type: 'string' },
    only: { type: 'string' },
    without: { type: 'string' },
    program: { type: 'string', default: BUILT_MAIN },
    keep: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())

const tell = (line: string): void => void process.stderr.write(`${line}\n`)

function chosenKinds(): FaultKind[] {
  const names = (list: string | undefined): string[] => list?.split(',').filter((name) => name !== '') ?? []
  const only = names(options.only)
  const without = names(options.without)
  const unknown = [...only, ...without].filter((name) => !ALL_FAULTS.some((kind) => kind.name === name))
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(', ')}\n${USAGE}`)
  return ALL_FAULTS.filter(
    ({ name }) => (only.length === 0 || only.includes(name)) && !without.includes(name),
  )
}

function wholeNumber(name: 'runs' | 'seed' | 'bare-runs', fallback?: string): number {
  const value = Number(options[name] ?? fallback)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number\n${USAGE}`)
  return value
}

async function play(name: 'ours' | 'bare', runs: number, hasSmallDisks: boolean): Promise<CampaignResult> {
  const seed = wholeNumber('seed')
  const startedAt = performance.now()
  const isOurs = name === 'ours'
  const makeBot = (setting: BotSetting): Bot =>
    isOurs ? new DaemonBot(options.program, setting) : new PlainBot(setting)
  const result = await playCampaign({
    seed,
    runs,
    kinds: chosenKinds(),
    hasSmallDisks,
    hasUnkeyedDevices: isOurs,
    hasPrograms: isOurs,
    makeBot,
    makeAssistant: isOurs ? assistantOfLife : () => null,
    patienceMs: isOurs ? PATIENCE_MS : BARE_PATIENCE_MS,
    keeps: options.keep && isOurs,
    traces: options.trace,
    signal: interruption.signal,
    played: ({ number, total, findings, history, tail, seed: lifeSeed }) => {
      if (isOurs && (findings.length > 0 || options.verbose)) {
        tell([...findings, `  seed ${lifeSeed}`, ...history.map((line) => `  ${line}`)].join('\n'))
        if (findings.length > 0) tell(tail.split('\n').slice(-TAIL_LINES).join('\n'))
      }
      if (number % PROGRESS_EVERY !== 0 && number !== runs) return
      const secondsARun = (performance.now() - startedAt) / 1_000 / number
      tell(`${name}: ${closingLine(number, total)} (${secondsARun.toFixed(2)} s a run)`)
    },
  })
  const kinds = [...result.kinds].map(([kind, times]) => `${kind} ${times}`).join(', ')
  const { late, unreadable, resent, crashes, kills } = result.counts
  tell(`${name}: ${kinds}`)
  tell(
    `${name}: kills ${kills}, late ${late}, unreadable at first ${unreadable}, sent again under the same id ${resent}, crashes ${crashes}`,
  )
  return result
}

/** The daemon with a Business account, on the simulated Graph API. */
async function playBusiness(): Promise<void> {
  const only = options.only?.split(',').filter((name) => name !== '')
  const unknown = only?.find((name) => !BUSINESS_FAULTS.some((kind) => kind.name === name))
  if (unknown !== undefined) throw new Error(`no such fault: ${unknown}\n${USAGE}`)
  const { runs, counts } = await playBusinessCampaign({
    seed: wholeNumber('seed'),
    runs: wholeNumber('runs'),
    program: options.program,
    patienceMs: PATIENCE_MS.ordinary,
    keeps: options.keep,
    ...(only === undefined ? {} : { only }),
    signal: interruption.signal,
    played: ({ number, findings, history, tail, seed, total }) => {
      if (findings.length > 0 || options.verbose)
        tell([...findings, `  seed ${seed}`, ...history.map((line) => `  ${line}`)].join('\n'))
      if (findings.length > 0) tell(tail.split('\n').slice(-TAIL_LINES).join('\n'))
      if (number % PROGRESS_EVERY === 0) tell(businessClosingLine(number, total))
    },
  })
  tell(`kills ${counts.kills}, unconfirmed and shown ${counts.unconfirmed}, crashes ${counts.crashes}`)
  process.stdout.write(`${businessClosingLine(runs, counts)}\n`)
  process.exitCode = isBusinessClean(counts) && !interruption.signal.aborted ? 0 : 1
}

async function main(): Promise<void> {
  if (options.help) return tell(USAGE)
  if (!existsSync(options.program)) throw new Error(`${options.program} is missing: run "make build"`)
  if (options.business) return playBusiness()
  // libsignal tells the console about messages that a phone cannot read, sessions included.
  for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined
  const obstacle = SmallDisk.obstacle(join(tmpdir(), `faults-disk-${process.pid}`))
  if (obstacle !== null) tell(`no full disks on this machine: ${obstacle}`)
  const runs = wholeNumber('runs')
  const ours = await play('ours', runs, obstacle === null)
  if (options.bare) {
    const bareRuns = wholeNumber('bare-runs', String(runs))
    const bare = await play('bare', bareRuns, obstacle === null)
    process.stdout.write(`bare ${closingLine(bare.runs, bare.counts)}\n`)
  }
  process.stdout.write(`${closingLine(ours.runs, ours.counts)}\n`)
  process.exitCode = isClean(ours.counts) && !interruption.signal.aborted ? 0 : 1
}

/** What keeps the process alive is named, and does not: whoever waits for its exit code must get it. */
function exitSoon(): void {
  setTimeout(() => {
    tell(`still open at the end: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit()
  }, EXIT_WITHIN_MS).unref()
}

try {
  await main()
} catch (error) {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 2
}
exitSoon()
