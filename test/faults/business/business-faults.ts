import { setTimeout as delay } from 'node:timers/promises'
import type { PlatformStep } from '../../../src/simulator/business/business-environment.ts'
import type { CallFault } from '../../../src/simulator/business/faults/business-faults.ts'
import type { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import type { BusinessStage } from './business-stage.ts'

export interface PlannedBusinessFault {
  /** What a history shows. */
  parameters: Readonly<Record<string, unknown>>
  /** How much longer than usual answers may take, milliseconds. */
  delaysMs?: number
  /** Hurts the daemon and gives it back what it needs to go on. */
  strike(stage: BusinessStage): Promise<void>
}

export interface BusinessFaultKind {
  readonly name: string
  /** How often it is chosen, in relation to the others. */
  readonly weight: number
  plan(random: SeededRandom): PlannedBusinessFault
}

const STEPS: readonly PlatformStep[] = ['webhook-out', 'webhook-answered', 'call-in', 'call-answered']
/** How long a step that a kill waits for may take to come. */
const STEP_LIMIT_MS = 2_000
const DAY_MS = 24 * 3_600_000
/** The number is moved to a higher throughput, for about a minute. */
const THROUGHPUT_UPGRADE = 131057
const UPGRADE_MS = 60_000
/** How much longer an account stays closed than its file is away. */
const REOPEN_MS = 30_000

/** Every way to hurt a daemon with a Business account. */
export const BUSINESS_FAULTS: readonly BusinessFaultKind[] = [
  {
    // Between a webhook and its 200, and around every call: where something is stored, and not said yet.
    name: 'kill',
    weight: 10,
    plan: (random) => {
      const step = random.pick(STEPS)
      const nth = random.between(1, 6)
      const thenMs = random.chance(0.4) ? 0 : random.between(1, 25)
      const downMs = random.chance(0.5) ? 0 : random.between(1, 600)
      return {
        parameters: { step, nth, thenMs, downMs },
        strike: async (stage) => {
          await stepOf(stage, step, nth)
          await delay(thenMs)
          await stage.killAndRestart(downMs)
        },
      }
    },
  },
  {
    name: 'lost-answer',
    weight: 6,
    plan: (random) => {
      const fault: CallFault = random.pick([
        { kind: 'lost-answer' },
        { kind: 'late-answer', afterMs: 1_500 },
        { kind: 'body', body: '<html>', contentType: 'text/html' },
        { kind: 'body', body: '{"messages":', contentType: 'application/json' },
      ] as const)
      const times = random.between(1, 4)
      return {
        parameters: { fault, times },
        strike: async ({ platform }) => void platform.faults.strike('send', fault, { times }),
      }
    },
  },
  {
    // Nothing was done: each may go again.
    name: 'refused-for-now',
    weight: 4,
    plan: (random) => {
      const code = random.pick([1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057, 133004])
      const isUpgrade = code === THROUGHPUT_UPGRADE
      const times = isUpgrade ? 1 : random.between(1, 3)
      return {
        parameters: { code, times },
        delaysMs: isUpgrade ? UPGRADE_MS : 0,
        strike: async ({ platform }) =>
          void platform.faults.strike('send', { kind: 'error', code, retryAfter: 1 }, { times }),
      }
    },
  },
  {
    name: 'webhook-storm',
    weight: 5,
    plan: (random) => {
      const repeats = random.between(1, 3)
      const delayMs = random.between(0, 300)
      const holdMs = random.chance(0.5) ? random.between(100, 800) : 0
      return {
        parameters: { repeats, delayMs, holdMs },
        strike: async ({ platform: { faults } }) => {
          faults.repeatsWebhooks = repeats
          faults.webhookDelayMs = delayMs
          faults.holdsWebhooks = holdMs > 0
          await delay(holdMs)
          faults.releaseWebhooks()
        },
      }
    },
  },
  {
    name: 'storm-and-kill',
    weight: 5,
    plan: (random) => {
      const repeats = random.between(1, 2)
      const killAfterMs = random.between(0, 400)
      return {
        parameters: { repeats, killAfterMs },
        strike: async (stage) => {
          stage.platform.faults.repeatsWebhooks = repeats
          stage.platform.faults.strike('send', { kind: 'lost-answer' }, { times: 2 })
          await delay(killAfterMs)
          await stage.killAndRestart(0)
        },
      }
    },
  },
  {
    name: 'token-expires',
    weight: 4,
    plan: (random) => {
      const how = random.pick(['expired', 'revoked'] as const)
      const forMs = random.between(50, 1_500)
      const isKilled = random.chance(0.3)
      const which = random.between(0, 1)
      return {
        parameters: { how, forMs, isKilled, which },
        strike: async (stage) => {
          const number = stage.numbers[which]
          if (number === undefined) return
          stage.platform.endToken(number, how)
          await delay(forMs)
          stage.renewToken(number)
          if (isKilled) await stage.killAndRestart(0)
        },
      }
    },
  },
  {
    // Answers that are under way when a day passes must not go out; Meta would say 131047.
    name: 'window-closes',
    weight: 3,
    plan: (random) => {
      const afterMs = random.between(0, 150)
      const isKilled = random.chance(0.5)
      return {
        parameters: { afterMs, isKilled },
        strike: async (stage) => {
          await delay(afterMs)
          await stage.jump(DAY_MS)
          if (isKilled) await stage.killAndRestart(0)
        },
      }
    },
  },
  {
    // What is for the account that is closed meanwhile comes again; what is for the other one is answered.
    name: 'account-closed',
    weight: 3,
    plan: (random) => {
      const forMs = random.between(50, 7_000)
      const isKilled = random.chance(0.3)
      return {
        parameters: { forMs, isKilled },
        delaysMs: REOPEN_MS,
        strike: async (stage) => {
          await stage.takeFileAway(forMs)
          if (isKilled) await stage.killAndRestart(0)
        },
      }
    },
  },
  { name: 'none', weight: 2, plan: () => ({ parameters: {}, strike: async () => undefined }) },
]

/** Resolves at the nth step of this kind from now on, or when none comes. */
function stepOf({ platform }: BusinessStage, step: PlatformStep, nth: number): Promise<void> {
  return new Promise((resolve) => {
    let left = nth
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, STEP_LIMIT_MS)
    const stop = platform.onStep((each) => {
      if (each === step && --left === 0) end()
    })
  })
}
