import { setTimeout as delay } from 'node:timers/promises'
import type { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { killAndRestart, type Stage } from '../stage.ts'
import type { Direction } from '../wire.ts'
import type { FaultKind, PlannedFault } from './fault-kind.ts'

const DIRECTIONS: readonly Direction[] = ['toBot', 'toWhatsApp']
/** A few stanzas. */
const CUT_SPAN_BYTES = 900
/** Ends of a stream for which a client connects again. */
const STREAM_ERRORS = [
  { code: 515 },
  { code: 503 },
  { child: { tag: 'xml-not-well-formed' } },
  { child: { tag: 'conflict', type: 'replaced' } },
]

const cut = (random: SeededRandom): PlannedFault => {
  const direction = random.pick(DIRECTIONS)
  const bytes = random.chance(0.2) ? 0 : random.between(1, CUT_SPAN_BYTES)
  return {
    parameters: { direction, bytes },
    strike: async ({ wire }) => {
      wire.cutAfter(direction, bytes)
    },
  }
}

/** How a connection that has gone quiet comes to an end: somebody tells the bot, or the network, or nobody. */
async function endQuiet(stage: Stage, end: 'order' | 'reset' | 'kill'): Promise<void> {
  // Without somebody to take orders from, the network has to come back.
  if (end === 'kill') await killAndRestart(stage, { downMs: 0, looks: false })
  else if (end === 'order' && stage.bot.takesOrders) await stage.bot.reconnect()
  else stage.wire.reset()
}

const quiet =
  (fall: (stage: Stage) => void) =>
  (random: SeededRandom): PlannedFault => {
    const forMs = random.between(20, 600)
    const end = random.pick(['order', 'reset', 'kill'] as const)
    return {
      parameters: { forMs, end },
      strike: async (stage) => {
        fall(stage)
        await delay(forMs)
        await endQuiet(stage, end)
      },
    }
  }

/** The connection breaks, goes quiet, or WhatsApp ends or refuses it. */
export const NETWORK_FAULTS: readonly FaultKind[] = [
  { name: 'cut', weight: 12, plan: cut },
  { name: 'cut-left-alone', weight: 1, isLeftAlone: true, plan: cut },
  { name: 'half-open', weight: 4, plan: quiet(({ wire }) => wire.stall()) },
  { name: 'silence', weight: 3, plan: quiet(({ simulator }) => simulator.faults.silence()) },
  {
    name: 'half-open-left-alone',
    weight: 0.3,
    isLeftAlone: true,
    plan: () => ({
      parameters: {},
      strike: async ({ wire }) => {
        wire.stall()
      },
    }),
  },
  {
    name: 'stream-error',
    weight: 4,
    plan: (random) => {
      const error = random.pick(STREAM_ERRORS)
      return {
        parameters: { error },
        strike: async ({ simulator }) => {
          // An instant may lie within a call of the simulator's own.
          await new Promise(setImmediate)
          simulator.faults.streamError(error)
        },
      }
    },
  },
  {
    name: 'refused-upgrade',
    weight: 3,
    plan: (random) => {
      const status = random.pick([503, 429, 500])
      const times = random.between(1, 2)
      return {
        parameters: { status, times },
        strike: async ({ simulator, wire }) => {
          simulator.faults.refuseUpgrade(status, { times })
          wire.reset()
        },
      }
    },
  },
  {
    name: 'failed-login',
    weight: 2,
    plan: () => ({
      parameters: { reason: 503 },
      strike: async ({ simulator, wire }) => {
        simulator.faults.failLogin({ reason: 503 }, { times: 1 })
        wire.reset()
      },
    }),
  },
  {
    name: 'garbage',
    weight: 2,
    plan: () => ({
      parameters: {},
      strike: async ({ simulator }) => {
        simulator.faults.garbageFrame()
      },
    }),
  },
]
