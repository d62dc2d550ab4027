import { setTimeout as delay } from 'node:timers/promises'
import type { Bot } from './bot.ts'
import { CpuSamples } from './cpu-samples.ts'
import { cpuTimeMs, residentMemoryMib } from './process-figures.ts'
import { SimulatorClient } from './simulator-client.ts'
import { CONTACT } from './cast.ts'
import type { Burst } from './simulator-requests.ts'
import { within } from './within.ts'

export interface Load {
  roundTrips: number
  burst: number
  edits: number
  /** How long the bot is left alone before its memory is read, milliseconds. */
  idleMs: number
}

/** What one bot did in one round. */
export interface RoundFigures {
  firstQrMs: number
  idleMemoryMib: number
  memoryAfterBurstMib: number
  roundTripsMs: number[]
  unanswered: number
  burst: Burst
  /** Over the round trips and the burst until its last reply, by messages sent. */
  cpuPerMessageMs: number
  cpuPerRoundTripMs: number
  editsMs: number[]
}

/** Messages that set up sessions and warm both processes; nothing is measured meanwhile. */
const WARM_UP_MESSAGES = 20
const SETTLE_MS = 2_000
const START_TIMEOUT_MS = 60_000
const EDIT_TIMEOUT_MS = 10_000
/** Between two saves, milliseconds; irregular, so that no timer of a watcher falls into step with them. */
const EDIT_PAUSE_MS = { least: 50, spread: 200 }

/** Links the bot to a fresh simulator, loads it, and stops both. */
export async function measureRound(bot: Bot, load: Load): Promise<RoundFigures> {
  const simulator = new SimulatorClient()
  try {
    const server = await simulator.start()
    const { qr, firstQrMs } = await within('the first QR', START_TIMEOUT_MS, bot.start(server, [CONTACT]))
    await simulator.ask('scan', { qr })
    await within('linking', START_TIMEOUT_MS, bot.connected())
    await delay(load.idleMs)
    const idleMemoryMib = residentMemoryMib(bot.pid)
    await simulator.ask('converse', { messages: WARM_UP_MESSAGES })

    // Before the load: a burst can leave a bot with sessions in which nothing is answered any more.
    const editsMs = await measureEdits(bot, load.edits)
    await proveAllowlist(bot, simulator)

    const cpuBeforeMs = cpuTimeMs(bot.pid)
    const { roundTripsMs, unanswered } = await simulator.ask('converse', { messages: load.roundTrips })
    const cpuBetweenMs = cpuTimeMs(bot.pid)
    const cpuSamples = new CpuSamples(bot.pid)
    cpuSamples.start()
    const burst = await simulator.ask('burst', { messages: load.burst })
    cpuSamples.stop()
    const cpuAfterMs = cpuSamples.at(burst.lastArrivalAt)
    await delay(SETTLE_MS)
    const memoryAfterBurstMib = residentMemoryMib(bot.pid)

    return {
      firstQrMs,
      idleMemoryMib,
      memoryAfterBurstMib,
      roundTripsMs,
      unanswered,
      burst,
      cpuPerMessageMs: (cpuAfterMs - cpuBeforeMs) / (load.roundTrips + load.burst),
      cpuPerRoundTripMs: (cpuBetweenMs - cpuBeforeMs) / load.roundTrips,
      editsMs,
    }
  } finally {
    await bot.stop()
    await simulator.stop()
  }
}

async function measureEdits(bot: Bot, edits: number): Promise<number[]> {
  const editsMs: number[] = []
  for (let edit = 0; edit < edits; edit++) {
    await delay(EDIT_PAUSE_MS.least + Math.random() * EDIT_PAUSE_MS.spread)
    const allowFrom = [CONTACT, `+1555020${String(edit).padStart(4, '0')}`]
    editsMs.push(await save(bot, allowFrom))
  }
  return editsMs
}

function save(bot: Bot, allowFrom: readonly string[]): Promise<number> {
  return within('an edit of the allowlist', EDIT_TIMEOUT_MS, bot.saveAllowFrom(allowFrom))
}

/** An edit counts as in force because the bot says so; this holds it to its word. */
async function proveAllowlist(bot: Bot, simulator: SimulatorClient): Promise<void> {
  const text = 'written while not allowed'
  await save(bot, ['+15550299999'])
  await simulator.ask('send', { text })
  await delay(SETTLE_MS)
  await save(bot, [CONTACT])
  const { unanswered } = await simulator.ask('converse', { messages: 1 })
  const answered = await simulator.ask('countReplies', { text })
  if (answered > 0) throw new Error(`${bot.name} answered somebody who was not allowed`)
  if (unanswered > 0) throw new Error(`${bot.name} did not answer somebody who was allowed again`)
}
