import { setTimeout as delay } from 'node:timers/promises'
import type { FaultKind } from './fault-kind.ts'

const HOUR_MS = 3_600_000

/** The machine below the bot: its disk is full for a while, or it slept. */
export const MACHINE_FAULTS: readonly FaultKind[] = [
  {
    name: 'full-disk',
    weight: 4,
    needs: 'smallDisk',
    plan: (random) => {
      const forMs = random.between(50, 1_500)
      const isKilled = random.chance(0.3)
      return {
        parameters: { forMs, isKilled },
        strike: async ({ bot, disk }) => {
          disk?.fill()
          await delay(forMs)
          if (isKilled) await bot.end('SIGKILL')
          disk?.free()
          if (isKilled) bot.spawn()
        },
      }
    },
  },
  {
    name: 'clock-jump',
    weight: 3,
    needs: 'clock',
    plan: (random) => {
      const pausedMs = random.between(20, 400)
      const byMs = random.between(1_000, 6 * HOUR_MS)
      const losesConnection = random.chance(0.5)
      return {
        parameters: { pausedMs, byMs, losesConnection },
        strike: async ({ bot, clock, wire }) => {
          bot.signal('SIGSTOP')
          await delay(pausedMs)
          clock?.jump(byMs)
          if (losesConnection) wire.reset()
          bot.signal('SIGUSR2')
          bot.signal('SIGCONT')
        },
      }
    },
  },
]
