import { setTimeout as delay } from 'node:timers/promises'
import { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { BUSINESS_NUMBERS, CUSTOMERS } from './business-cast.ts'
import { type BusinessCounts, noBusinessCounts } from './business-counts.ts'
import { BUSINESS_FAULTS, type BusinessFaultKind, type PlannedBusinessFault } from './business-faults.ts'
import { BusinessStage } from './business-stage.ts'

/** Runs that share one daemon and its state. */
const RUNS_A_LIFE = 10
const POLL_MS = 15
/** A service manager starts again what ended by itself. */
const RESPAWN_MS = 200
/** Answers come at once; of one that does not, the daemon is asked. */
const ASK_AFTER_MS = 4_000
const ASK_EVERY_MS = 500
/** What comes after that would have come before. */
const LINGER_MS = 1_000

export interface BusinessCampaignOptions {
  seed: number
  runs: number
  program: string
  /** How long to wait for answers while none comes, milliseconds. */
  patienceMs: number
  keeps: boolean
  /** Names of faults; all of them without it. */
  only?: readonly string[]
  played: (run: {
    number: number
    kind: string
    seed: number
    history: string[]
    findings: string[]
    tail: string
    total: BusinessCounts
  }) => void
  signal: AbortSignal
}

interface Writing {
  afterMs: number
  customer: (typeof CUSTOMERS)[number]
  /** Which of the numbers it is for. */
  to: number
  words: number
}

/** Plays lives one after the other. Life n of a seed is the first life of seed + n, which is how one is played again. */
export async function playBusinessCampaign(
  options: BusinessCampaignOptions,
): Promise<{ runs: number; counts: BusinessCounts }> {
  const result = { runs: 0, counts: noBusinessCounts() }
  for (let life = 0; result.runs < options.runs && !options.signal.aborted; life++) {
    const seed = options.seed + life
    const before = result.counts
    const counts = await playLife({
      ...options,
      seed,
      runs: Math.min(RUNS_A_LIFE, options.runs - result.runs),
      played: (run) => {
        result.runs++
        options.played({ ...run, number: result.runs, total: sum(before, run.total) })
      },
    })
    result.counts = sum(before, counts)
  }
  return result
}

async function playLife(options: BusinessCampaignOptions): Promise<BusinessCounts> {
  const { seed, runs, only, signal } = options
  const random = new SeededRandom(seed)
  const kinds = BUSINESS_FAULTS.filter(({ name }) => only === undefined || only.includes(name))
  const stage = await BusinessStage.build({ seed, program: options.program })
  let hasFound = false
  try {
    for (let number = 1; number <= runs && !signal.aborted; number++) {
      const history = await playRun(stage, { random, number, kinds, patienceMs: options.patienceMs })
      if (number === runs) await stage.stop()
      const findings = stage.ledger.takeFindings()
      hasFound ||= findings.length > 0
      const { counts: total } = stage.ledger
      options.played({ number, seed, findings, total, tail: stage.daemon.tail, ...history })
    }
    return stage.ledger.counts
  } finally {
    await stage.clear(options.keeps && hasFound)
  }
}

async function playRun(
  stage: BusinessStage,
  o: { random: SeededRandom; number: number; kinds: readonly BusinessFaultKind[]; patienceMs: number },
): Promise<{ kind: string; history: string[] }> {
  const { random, number, kinds } = o
  const { ledger, platform } = stage
  const kind = random.pickWeighted(kinds)
  const fault = kind.plan(random)
  const writings = planWritings(random)
  const history = [describe(number, { kind, fault, writings })]
  ledger.beginRun(number)
  const stopLooking = platform.onChange(() => ledger.look())
  const strike = async (): Promise<void> => {
    await delay(random.between(0, 150))
    history.push(`  ${kind.name} strikes`)
    await fault.strike(stage)
    history.push('  over')
  }
  await Promise.all([write(stage, writings), strike()])
  const { unconfirmed } = ledger.counts
  await settle(stage, o.patienceMs + (fault.delaysMs ?? 0))
  const shown = ledger.counts.unconfirmed - unconfirmed
  if (shown > 0) history.push(`  ${shown} shown as not sent or unknown`)
  platform.faults.clear()
  await delay(LINGER_MS)
  ledger.look()
  stopLooking()
  return { kind: kind.name, history }
}

function planWritings(random: SeededRandom): Writing[] {
  return Array.from({ length: random.between(2, 8) }, () => ({
    afterMs: random.between(0, 400),
    customer: random.pick(CUSTOMERS),
    to: random.between(0, BUSINESS_NUMBERS.length - 1),
    words: random.between(1, 3),
  })).toSorted((one, other) => one.afterMs - other.afterMs)
}

async function write({ platform, numbers, ledger }: BusinessStage, writings: Writing[]): Promise<void> {
  const startedAt = performance.now()
  for (const { afterMs, customer, to, words } of writings) {
    await delay(Math.max(0, startedAt + afterMs - performance.now()))
    const person = platform.people.find(({ phoneNumber }) => phoneNumber === customer.phoneNumber)
    const number = numbers[to]
    if (number !== undefined) person?.write(number, ledger.newText(customer, words, number))
  }
}

/** Waits until every answer is there, is shown as not sent, or none has come for too long. */
async function settle(stage: BusinessStage, patienceMs: number): Promise<void> {
  const { daemon, ledger } = stage
  for (;;) {
    for (const crash of daemon.takeCrashes()) ledger.crashed(crash)
    if (!daemon.isRunning) {
      await delay(RESPAWN_MS)
      daemon.spawn()
    }
    ledger.look()
    if (ledger.outstanding === 0) return
    if (ledger.quietMs > ASK_AFTER_MS) ledger.shown(await stage.notSent().catch(() => []))
    if (ledger.quietMs > patienceMs) return ledger.giveUp()
    await delay(ledger.quietMs > ASK_AFTER_MS ? ASK_EVERY_MS : POLL_MS)
  }
}

function describe(
  number: number,
  { kind, fault, writings }: { kind: BusinessFaultKind; fault: PlannedBusinessFault; writings: Writing[] },
): string {
  const written = writings.map(
    ({ customer, afterMs, words, to }) => `${customer.name}x${words}@${afterMs}>${to + 1}`,
  )
  return `run ${number}: ${kind.name} ${JSON.stringify(fault.parameters)}; ${written.join(' ')}`
}

function sum(one: BusinessCounts, other: BusinessCounts): BusinessCounts {
  const total = { ...one }
  // The names of an object of numbers only.
  for (const name of Object.keys(other) as (keyof BusinessCounts)[]) total[name] += other[name]
  return total
}
