import { setTimeout as delay } from 'node:timers/promises'
import { killAndRestart } from '../stage.ts'
import type { FaultKind } from './fault-kind.ts'

/** The bot's process is killed, ended or stopped in its tracks. */
export const PROCESS_FAULTS: readonly FaultKind[] = [
  {
    name: 'kill',
    weight: 45,
    plan: (random) => {
      const downMs = random.chance(0.5) ? 0 : random.between(1, 400)
      const looks = random.chance(0.2)
      return { parameters: { downMs, looks }, strike: (stage) => killAndRestart(stage, { downMs, looks }) }
    },
  },
  {
    // What a start repairs must survive a kill as well.
    name: 'kill-again',
    weight: 8,
    plan: (random) => {
      const livesMs = Array.from({ length: random.between(1, 2) }, () => random.between(150, 1_500))
      return {
        parameters: { livesMs },
        strike: async (stage) => {
          await killAndRestart(stage, { downMs: 0, looks: false })
          for (const lifeMs of livesMs) {
            await delay(lifeMs)
            await killAndRestart(stage, { downMs: 0, looks: false })
          }
        },
      }
    },
  },
  {
    name: 'terminate',
    weight: 5,
    plan: (random) => {
      const downMs = random.between(0, 300)
      return {
        parameters: { downMs },
        strike: async (stage) => {
          const { inTime } = await stage.bot.end('SIGTERM')
          stage.note('terminated')
          if (!inTime) stage.corrupt('did not stop in time after SIGTERM')
          await delay(downMs)
          stage.bot.spawn()
        },
      }
    },
  },
  {
    // Two on one state: the second must leave it alone, also when the first is killed beside it.
    name: 'second-copy',
    weight: 3,
    plan: (random) => {
      const forMs = random.between(300, 1_500)
      const isKilled = random.chance(0.5)
      return {
        parameters: { forMs, isKilled },
        strike: async (stage) => {
          const end = stage.bot.spawnCopy()
          await delay(forMs)
          if (isKilled) await killAndRestart(stage, { downMs: 0, looks: false })
          await end()
          stage.note('the copy is gone')
        },
      }
    },
  },
  {
    name: 'pause',
    weight: 6,
    plan: (random) => {
      const forMs = random.between(20, 500)
      return pause(forMs)
    },
  },
  {
    name: 'long-pause',
    weight: 1,
    plan: (random) => pause(random.between(2_000, 6_000)),
  },
  {
    // Stopped and then killed: what was in its sockets is gone, and nobody had the time to say so.
    name: 'pause-kill',
    weight: 4,
    plan: (random) => {
      const forMs = random.between(20, 500)
      return {
        parameters: { forMs },
        strike: async (stage) => {
          stage.bot.signal('SIGSTOP')
          await delay(forMs)
          await killAndRestart(stage, { downMs: 0, looks: false })
        },
      }
    },
  },
]

function pause(forMs: number): ReturnType<FaultKind['plan']> {
  return {
    parameters: { forMs },
    strike: async (stage) => {
      stage.bot.signal('SIGSTOP')
      await delay(forMs)
      stage.bot.signal('SIGCONT')
      stage.note('goes on')
    },
  }
}
