import { setTimeout as delay } from 'node:timers/promises'
import type { Bot } from '../bots/bot.ts'
import { CpuSamples } from '../probes/cpu-samples.ts'
import { cpuTimeMs, residentMemoryMib } from '../probes/process-figures.ts'
import { percentile } from '../report/percentile.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { SimulatorClient } from '../whatsapp/simulator-client.ts'
import type { Group } from './group.ts'
import { linkedBot } from './linked-bot.ts'
import type { Measurement } from './measurement.ts'

/** Messages that set up sessions and warm both processes; nothing is measured meanwhile. */
const WARM_UP_MESSAGES = 20
const SETTLE_MS = 2_000
const EDIT_TIMEOUT_MS = 10_000
/** A message and its answer, or an answer that never comes. */
const MESSAGE_LIMIT_MS = 200
const WAIT_MS = 120_000
/** Between two saves, milliseconds; irregular, so that no timer of a watcher falls into step with them. */
const EDIT_PAUSE_MS = { least: 50, spread: 100 }

/** One person writes, one message at a time and then many at once, and the allowlist is edited. */
export const load: Group = {
  summary: 'round trips, a burst, processor time and memory of both, edits of the allowlist',
  subjects: ['ours', 'bare'],
  rounds: 5,
  limitMs: 600_000,
  isUsual: true,
  figures: {
    roundTripP50: { label: 'round trip, median', unit: 'ms', checked: 'ratio' },
    roundTripP99: { label: 'round trip, p99', unit: 'ms', checked: 'ratio' },
    throughput: { label: 'throughput of the burst', unit: 'replies/s', checked: 'ratio', worse: 'less' },
    undecryptable: {
      label: 'burst: replies the peer could not decrypt',
      unit: 'replies',
      checked: 'ours',
    },
    cpuPerMessage: { label: 'CPU per message, both loads', unit: 'ms', checked: 'ratio' },
    cpuPerRoundTrip: { label: 'CPU per message, one at a time', unit: 'ms', checked: 'ratio' },
    memoryAfterLoad: { label: 'resident memory, 2 s after the burst', unit: 'MiB', checked: 'ratio' },
    allowlistEditP50: { label: 'allowlist edit in force, median', unit: 'ms' },
    allowlistEditP99: { label: 'allowlist edit in force, p99', unit: 'ms' },
    unreadable: { label: 'burst: messages without a readable reply', unit: 'messages', checked: 'ours' },
    firstReply: { label: 'burst: until the first reply', unit: 's' },
    unanswered: { label: 'round trips without a reply', unit: 'messages', checked: 'ours' },
    simulatorLoad: { label: "simulator's share of a core in the burst", unit: 'cores' },
  },
  measure: async (subject, settings, measurement) => {
    const { roundTrips, burst: size, edits } = settings.load
    const { bot, simulator } = await linkedBot(subject, settings, measurement)
    const converse = (messages: number) =>
      measurement.step(
        `${messages} round trips`,
        simulator.ask('converse', { messages }),
        messages * MESSAGE_LIMIT_MS + WAIT_MS,
      )
    await converse(WARM_UP_MESSAGES)

    // Before the load: a burst can leave a bot with sessions in which nothing is answered any more.
    const editsMs = await measureEdits(bot, edits, measurement)
    await proveAllowlist(bot, simulator, measurement)

    const cpuBeforeMs = cpuTimeMs(bot.pid)
    const { roundTripsMs, unanswered } = await converse(roundTrips)
    const cpuBetweenMs = cpuTimeMs(bot.pid)
    const cpuSamples = measurement.own(new CpuSamples(bot.pid))
    cpuSamples.start()
    const burst = await measurement.step(
      `a burst of ${size}`,
      simulator.ask('burst', { messages: size }),
      size * MESSAGE_LIMIT_MS + WAIT_MS,
    )
    cpuSamples.stop()
    const cpuAfterMs = cpuSamples.at(burst.lastArrivalAt)
    await delay(SETTLE_MS)
    return {
      roundTripP50: percentile(roundTripsMs, 0.5),
      roundTripP99: percentile(roundTripsMs, 0.99),
      throughput: burst.arrived / burst.seconds,
      undecryptable: burst.undecryptable,
      cpuPerMessage: (cpuAfterMs - cpuBeforeMs) / (roundTrips + size),
      cpuPerRoundTrip: (cpuBetweenMs - cpuBeforeMs) / roundTrips,
      memoryAfterLoad: residentMemoryMib(bot.pid),
      allowlistEditP50: percentile(editsMs, 0.5),
      allowlistEditP99: percentile(editsMs, 0.99),
      unreadable: burst.unreadable,
      firstReply: burst.firstReplySeconds,
      unanswered,
      simulatorLoad: burst.simulatorLoad,
    }
  },
}

async function measureEdits(bot: Bot, edits: number, measurement: Measurement): Promise<number[]> {
  const editsMs: number[] = []
  for (let edit = 0; edit < edits; edit++) {
    await delay(EDIT_PAUSE_MS.least + Math.random() * EDIT_PAUSE_MS.spread)
    const allowFrom = [CONTACT, `+1555020${String(edit).padStart(4, '0')}`]
    editsMs.push(await save(bot, allowFrom, measurement))
  }
  return editsMs
}

function save(bot: Bot, allowFrom: readonly string[], measurement: Measurement): Promise<number> {
  return measurement.step('an edit of the allowlist', bot.saveAllowFrom(allowFrom), EDIT_TIMEOUT_MS)
}

/** An edit counts as in force because the bot says so; this holds it to its word. */
async function proveAllowlist(bot: Bot, simulator: SimulatorClient, measurement: Measurement): Promise<void> {
  const text = 'written while not allowed'
  await save(bot, ['+15550299999'], measurement)
  await simulator.ask('send', { text })
  await delay(SETTLE_MS)
  await save(bot, [CONTACT], measurement)
  const { unanswered } = await simulator.ask('converse', { messages: 1 })
  const answered = await simulator.ask('countReplies', { text })
  if (answered > 0) throw new Error(`${bot.name} answered somebody who was not allowed`)
  if (unanswered > 0) throw new Error(`${bot.name} did not answer somebody who was allowed again`)
}
