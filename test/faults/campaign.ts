import type { Assistant } from './assistants/assistant.ts'
import type { Bot, BotSetting } from './bot.ts'
import { addCounts, type Counts, noCounts } from './counts.ts'
import type { FaultKind } from './kinds/fault-kind.ts'
import { type PlayedRun, playLife } from './life.ts'

/** Runs that share one bot and its state. */
export const RUNS_A_LIFE = 10

export interface CampaignOptions {
  seed: number
  runs: number
  kinds: readonly FaultKind[]
  hasSmallDisks: boolean
  hasUnkeyedDevices: boolean
  hasPrograms: boolean
  makeBot: (setting: BotSetting) => Bot
  makeAssistant: (seed: number) => Assistant | null
  patienceMs: { ordinary: number; leftAlone: number }
  keeps: boolean
  traces: boolean
  /** After each run; `seed` is the one that begins with its life. */
  played: (run: PlayedRun & { number: number; seed: number; total: Counts }) => void
  signal: AbortSignal
}

/** How many faults of each kind struck, and what was counted. */
export interface CampaignResult {
  runs: number
  counts: Counts
  kinds: Map<string, number>
}

/** Plays lives one after the other. Life n of a seed is the first life of seed + n, which is how one is played again. */
export async function playCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const result: CampaignResult = { runs: 0, counts: noCounts(), kinds: new Map() }
  for (let life = 0; result.runs < options.runs && !options.signal.aborted; life++) {
    const seed = options.seed + life
    const before = { ...result.counts }
    const counts = await playLife({
      ...options,
      seed,
      runs: Math.min(RUNS_A_LIFE, options.runs - result.runs),
      played: (run) => {
        result.runs++
        result.kinds.set(run.kind, (result.kinds.get(run.kind) ?? 0) + 1)
        const total = { ...before }
        addCounts(total, run.counts)
        options.played({ ...run, number: result.runs, seed, total })
      },
    })
    addCounts(result.counts, counts)
  }
  return result
}
