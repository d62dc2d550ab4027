import { expect, it } from 'vitest'
import { BUILT_MAIN } from '../../support/command-line.ts'
import { playBusinessCampaign } from './business-campaign.ts'
import { businessClosingLine } from './business-counts.ts'

const SEED = 4
const RUNS = 10
const LIMIT_MS = 240_000

// Webhooks that come twice, answers that are lost and a process that dies in between: whatever is stored a moment too late shows here.
it(
  'a daemon with a Business account, killed and hurt, answers every message once, inside the window, and strangers never',
  { timeout: LIMIT_MS + 60_000 },
  async () => {
    const found: string[] = []
    const { runs, counts } = await playBusinessCampaign({
      seed: SEED,
      runs: RUNS,
      program: BUILT_MAIN,
      patienceMs: 30_000,
      keeps: false,
      signal: AbortSignal.timeout(LIMIT_MS),
      played: ({ findings, history }) => {
        if (findings.length > 0) found.push(...findings, ...history)
      },
    })

    expect(found.join('\n')).toBe('')
    expect(businessClosingLine(runs, counts)).toBe(
      `faults: business runs=${RUNS} messages=${counts.messages} lost=0 twice=0 outside_window=0 unauthorised=0 corrupt=0`,
    )
  },
)
