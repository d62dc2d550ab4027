import { bytesWritten } from '../probes/process-figures.ts'
import { canCountSystemCalls, SystemCalls } from '../probes/system-calls.ts'
import { OurBot } from '../bots/ours.ts'
import { countCommits } from '../probes/count-commits.ts'
import type { FigureDefinition } from '../report/figures.ts'
import type { Group } from './group.ts'
import { linkedBot } from './linked-bot.ts'

const WARM_UP_MESSAGES = 20
const LIMIT_MS = 300_000

/** A count has the same value on every machine, and none of them a ratio to one that waits for no disk. */
const count = (label: string, unit: string): FigureDefinition => ({ label, unit, checked: 'ours' })

/** What one message costs besides time: these are counts, which other work on the machine does not change. */
export const counts: Group = {
  summary: 'commits, waits for the disk, bytes written and frames a message; needs strace for some of them',
  subjects: ['ours', 'bare'],
  rounds: 1,
  limitMs: 600_000,
  isUsual: true,
  figures: {
    accountCommitsSingle: count('commits to account.db a message, one at a time', 'commits'),
    accountCommitsBurst: count('commits to account.db a message, in a burst', 'commits'),
    daemonCommitsSingle: count('commits to daemon.db a message, one at a time', 'commits'),
    daemonCommitsBurst: count('commits to daemon.db a message, in a burst', 'commits'),
    syncsSingle: count('waits for the disk (fsync) a message, one at a time', 'calls'),
    syncsBurst: count('waits for the disk (fsync) a message, in a burst', 'calls'),
    writesSingle: count('writes to files (pwrite64) a message, one at a time', 'calls'),
    writesBurst: count('writes to files (pwrite64) a message, in a burst', 'calls'),
    bytesSingle: { label: 'written to the disk a message, one at a time', unit: 'KiB' },
    bytesBurst: { label: 'written to the disk a message, in a burst', unit: 'KiB' },
    framesOutSingle: count('frames to WhatsApp a message, one at a time', 'frames'),
    framesInSingle: count('frames from WhatsApp a message, one at a time', 'frames'),
    framesOutBurst: count('frames to WhatsApp a message, in a burst', 'frames'),
    framesInBurst: count('frames from WhatsApp a message, in a burst', 'frames'),
  },
  measure: async (subject, settings, measurement) => {
    const { bot, simulator } = await linkedBot(subject, settings, measurement)
    await simulator.ask('converse', { messages: WARM_UP_MESSAGES })
    const countDuring = async (suffix: string, messages: number, work: () => Promise<unknown>) => {
      const calls = canCountSystemCalls()
        ? measurement.own(new SystemCalls(bot.pid, ['fsync', 'fdatasync', 'pwrite64']))
        : null
      await measurement.step('strace', calls?.started() ?? Promise.resolve())
      const look = async () => ({
        bytes: bytesWritten(bot.pid),
        frames: await simulator.ask('countFrames', {}),
        commits: bot instanceof OurBot ? countCommits(bot.stateDirectory) : null,
      })
      const before = await look()
      await measurement.step(`${messages} messages`, work(), LIMIT_MS)
      const after = await look()
      const { fsync = 0, fdatasync = 0, pwrite64 = 0 } = (await calls?.counts()) ?? {}
      const each = (value: number): number => value / messages
      return {
        ...(before.commits !== null &&
          after.commits !== null && {
            [`accountCommits${suffix}`]: each(after.commits.account - before.commits.account),
            [`daemonCommits${suffix}`]: each(after.commits.daemon - before.commits.daemon),
          }),
        ...(calls !== null && {
          [`syncs${suffix}`]: each(fsync + fdatasync),
          [`writes${suffix}`]: each(pwrite64),
        }),
        [`bytes${suffix}`]: each(after.bytes - before.bytes) / 1024,
        [`framesOut${suffix}`]: each(after.frames.fromBots - before.frames.fromBots),
        [`framesIn${suffix}`]: each(after.frames.toBots - before.frames.toBots),
      }
    }
    const messages = Math.min(200, settings.load.roundTrips)
    const burst = Math.min(1_000, settings.load.burst)
    return {
      ...(await countDuring('Single', messages, () => simulator.ask('converse', { messages }))),
      ...(await countDuring('Burst', burst, () => simulator.ask('burst', { messages: burst }))),
    }
  },
}
