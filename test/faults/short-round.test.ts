import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assistantOfLife } from './assistants/assistant-of-life.ts'
import { playCampaign } from './campaign.ts'
import { closingLine } from './counts.ts'
import { BUILT_MAIN } from '../support/command-line.ts'
import { DaemonBot } from './daemon-bot.ts'
import { ALL_FAULTS } from './kinds/all-faults.ts'
import { SmallDisk } from './small-disk.ts'

const SEED = 20
const RUNS = 20
const LIMIT_MS = 900_000

// What sends answers twice or never is a process that dies between two steps; so it dies, again and again.
describe('the built daemon, killed and hurt at random instants', () => {
  it(
    'answers every message once, in order, and strangers never',
    { timeout: LIMIT_MS + 60_000 },
    async () => {
      const found: string[] = []
      const { runs, counts } = await playCampaign({
        seed: SEED,
        runs: RUNS,
        // Being left alone takes a minute and more; `make faults` has the time.
        kinds: ALL_FAULTS.filter(({ isLeftAlone }) => isLeftAlone !== true),
        hasUnkeyedDevices: true,
        hasPrograms: true,
        hasSmallDisks: SmallDisk.obstacle(join(tmpdir(), `faults-disk-${process.pid}`)) === null,
        makeAssistant: assistantOfLife,
        makeBot: (setting) => new DaemonBot(BUILT_MAIN, setting),
        patienceMs: { ordinary: 30_000, leftAlone: 100_000 },
        keeps: false,
        traces: false,
        played: ({ findings, history }) => {
          if (findings.length > 0) found.push(...findings, ...history)
        },
        signal: AbortSignal.timeout(LIMIT_MS),
      })

      expect(found.join('\n')).toBe('')
      expect(runs).toBe(RUNS)
      expect(counts.messages).toBeGreaterThan(RUNS)
      expect(closingLine(runs, counts)).toBe(
        `faults: runs=${RUNS} messages=${counts.messages} lost=0 duplicated=0 disordered=0 unauthorised=0 corrupt=0 unanswered=0 unacknowledged=0 talked_over=0 lost_after_resume=0 refused_sent=0 webhook_missing=0 webhook_wrong=0`,
      )
    },
  )
})
