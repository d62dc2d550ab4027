import { setTimeout as delay } from 'node:timers/promises'
import { killAndRestart } from '../stage.ts'
import type { FaultKind } from './fault-kind.ts'

/** Who answers dies in the middle of it. */
export const ASSISTANT_FAULTS: readonly FaultKind[] = [
  {
    name: 'assistant-crash',
    weight: 14,
    needs: 'assistant',
    plan: (random) => {
      const times = random.between(1, 2)
      const betweenMs = random.between(20, 200)
      const isDaemonKilled = random.chance(0.25)
      return {
        parameters: { times, betweenMs, isDaemonKilled },
        strike: async (stage) => {
          const { assistant } = stage
          if (assistant === null) return
          if (!assistant.isAskedAgain) stage.excuse()
          for (let time = 0; time < times; time++) {
            await assistant.crash()
            await delay(betweenMs)
          }
          if (isDaemonKilled) await killAndRestart(stage, { downMs: 0, looks: false })
        },
      }
    },
  },
]
