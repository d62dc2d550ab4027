import { setTimeout as delay } from 'node:timers/promises'
import { memoryOf, openFiles, threadTimeMs, wakeups } from '../probes/process-figures.ts'
import { canCountSystemCalls, SystemCalls, totalOf } from '../probes/system-calls.ts'
import type { Group } from './group.ts'
import { linkedBot } from './linked-bot.ts'

const MINUTE_MS = 60_000
/** System calls are counted behind the rest, because counting slows the process down. */
const COUNTED_MS = 15_000

/** A linked account to which nobody writes. */
export const idle: Group = {
  summary: 'memory, wakeups, system calls and processor time of a linked bot without work',
  subjects: ['ours', 'bare'],
  rounds: 5,
  limitMs: 900_000,
  isUsual: true,
  figures: {
    idleMemory: { label: 'resident memory, idle', unit: 'MiB', checked: 'ratio' },
    idleProportional: { label: 'proportional memory (PSS), idle', unit: 'MiB', checked: 'ratio' },
    idleAnonymous: { label: 'anonymous memory, idle', unit: 'MiB', checked: 'ratio' },
    idleWakeups: { label: 'wakeups, idle', unit: '1/s', checked: 'ours' },
    idleSystemCalls: { label: 'system calls, idle', unit: '1/s', checked: 'ours' },
    idleCpu: { label: 'CPU a minute, idle', unit: 'ms', checked: 'ratio' },
    idleFiles: { label: 'open files, idle', unit: 'files', checked: 'ours' },
  },
  measure: async (subject, settings, measurement) => {
    const { bot } = await linkedBot(subject, settings, measurement)
    const { settleMs, idleMs } = settings.load
    await delay(settleMs)
    const { residentMib, proportionalMib, anonymousMib } = memoryOf(bot.pid)
    const before = { wakeups: wakeups(bot.pid), cpuMs: threadTimeMs(bot.pid), at: performance.now() }
    await delay(idleMs)
    const tookMs = performance.now() - before.at
    const values = {
      idleMemory: residentMib,
      idleProportional: proportionalMib,
      idleAnonymous: anonymousMib,
      idleWakeups: ((wakeups(bot.pid) - before.wakeups) / tookMs) * 1_000,
      idleCpu: ((threadTimeMs(bot.pid) - before.cpuMs) / tookMs) * MINUTE_MS,
      idleFiles: openFiles(bot.pid),
    }
    if (!canCountSystemCalls()) return values
    const calls = measurement.own(new SystemCalls(bot.pid))
    await measurement.step('strace', calls.started())
    await delay(COUNTED_MS)
    return { ...values, idleSystemCalls: (totalOf(await calls.counts()) / COUNTED_MS) * 1_000 }
  },
}
