import { setTimeout as delay } from 'node:timers/promises'
import { killAndRestart, type Stage } from '../stage.ts'
import type { FaultKind } from './fault-kind.ts'

/** WhatsApp remembers five hundred; this many are surely among them. */
const REDELIVERABLE = 200

/** WhatsApp loses acknowledgements, or delivers again. */
export const MESSAGE_FAULTS: readonly FaultKind[] = [
  {
    name: 'lost-acks',
    weight: 12,
    plan: (random) => {
      const loss = random.pick(['swallow', 'deliver'] as const)
      const times = random.between(1, 3)
      const thenMs = random.between(0, 400)
      const end = random.pick(['kill', 'reset', 'order'] as const)
      return {
        parameters: { loss, times, thenMs, end },
        strike: async (stage) => {
          const fault = stage.simulator.faults.loseAcks(loss, { times })
          await delay(thenMs)
          if (end === 'kill') await killAndRestart(stage, { downMs: 0, looks: false })
          else if (end === 'order' && stage.bot.takesOrders) await stage.bot.reconnect()
          else stage.wire.reset()
          fault.clear()
        },
      }
    },
  },
  {
    name: 'lost-acks-left-alone',
    weight: 0.5,
    isLeftAlone: true,
    plan: (random) => {
      const loss = random.pick(['swallow', 'deliver'] as const)
      return {
        parameters: { loss },
        strike: async ({ simulator }) => {
          simulator.faults.loseAcks(loss, { times: 1 })
        },
      }
    },
  },
  {
    name: 'redelivery',
    weight: 8,
    plan: (random) => {
      const picks = Array.from({ length: random.between(1, 4) }, () => random.next())
      const killedAfterMs = random.chance(0.4) ? random.between(0, 60) : null
      return {
        parameters: { picks, killedAfterMs },
        strike: async (stage) => {
          await redeliver(stage, picks)
          if (killedAfterMs === null) return
          await delay(killedAfterMs)
          await killAndRestart(stage, { downMs: 0, looks: false })
        },
      }
    },
  },
  {
    // As backlog of the next login.
    name: 'redelivery-while-down',
    weight: 3,
    plan: (random) => {
      const picks = Array.from({ length: random.between(1, 6) }, () => random.next())
      return {
        parameters: { picks },
        strike: async (stage) => {
          await stage.bot.end('SIGKILL')
          await redeliver(stage, picks)
          stage.bot.spawn()
        },
      }
    },
  },
]

async function redeliver(stage: Stage, picks: readonly number[]): Promise<void> {
  // An instant may lie within a call of the simulator's own.
  await new Promise(setImmediate)
  const ids = stage.sentIds.slice(-REDELIVERABLE)
  for (const pick of picks) {
    const id = ids[Math.floor(pick * ids.length)]
    if (id === undefined) continue
    stage.note(`redelivers ${id}`)
    stage.companion().redeliver(id)
  }
}
