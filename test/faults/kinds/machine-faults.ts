import { rmSync, writeFileSync } from 'node:fs'
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
    // Without a disk of its own: SQLite itself says that there is no room, in the middle of a transaction.
    name: 'used-up-quota',
    weight: 4,
    plan: (random) => {
      const forMs = random.between(50, 1_500)
      const isKilled = random.chance(0.3)
      return {
        parameters: { forMs, isKilled },
        strike: async ({ bot, fullFile }) => {
          writeFileSync(fullFile, '')
          bot.signal('SIGUSR2')
          await delay(forMs)
          if (isKilled) await bot.end('SIGKILL')
          rmSync(fullFile)
          if (isKilled) bot.spawn()
          else bot.signal('SIGUSR2')
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
