import { setTimeout as delay } from 'node:timers/promises'
import { memoryOf, openFiles, threadTimeMs } from '../probes/process-figures.ts'
import { CONTACT } from '../whatsapp/cast.ts'
import type { Group, GroupSettings } from './group.ts'
import type { Measurement } from './measurement.ts'

const COUNTS = [1, 10, 50] as const
const MINUTE_MS = 60_000
/** Between the first count and the last. */
const FURTHER = COUNTS[2] - COUNTS[0]

interface Look {
  residentMib: number
  anonymousMib: number
  files: number
  cpuMs: number
}

/** Several linked accounts in one daemon, to which nobody writes. */
export const accounts: Group = {
  summary: '1, 10 and 50 idle accounts in one daemon',
  subjects: ['ours'],
  rounds: 1,
  limitMs: 900_000,
  isUsual: false,
  figures: {
    memoryOf1: { label: 'resident memory, 1 account', unit: 'MiB' },
    memoryOf10: { label: 'resident memory, 10 accounts', unit: 'MiB' },
    memoryOf50: { label: 'resident memory, 50 accounts', unit: 'MiB' },
    furtherAccount: { label: 'anonymous memory of a further account', unit: 'MiB' },
    filesOfFurtherAccount: { label: 'open files of a further account', unit: 'files', checked: 'ours' },
    cpuOf50: { label: 'CPU a minute, 50 idle accounts', unit: 'ms' },
  },
  measure: async (_, settings, measurement) => {
    const looks: Look[] = []
    for (const count of COUNTS) looks.push(await lookAt(count, settings, measurement))
    const [one, ten, fifty] = looks
    if (one === undefined || ten === undefined || fifty === undefined) throw new Error('nothing was measured')
    return {
      memoryOf1: one.residentMib,
      memoryOf10: ten.residentMib,
      memoryOf50: fifty.residentMib,
      furtherAccount: (fifty.anonymousMib - one.anonymousMib) / FURTHER,
      filesOfFurtherAccount: (fifty.files - one.files) / FURTHER,
      cpuOf50: fifty.cpuMs,
    }
  },
}

async function lookAt(count: number, settings: GroupSettings, measurement: Measurement): Promise<Look> {
  const ids = ['default', ...Array.from({ length: count - 1 }, (_, index) => `account-${index + 2}`)]
  const numbers = ids.map((_, index) => `+1555030${String(index).padStart(4, '0')}`)
  const simulator = measurement.simulator()
  const bot = measurement.ours(settings, {
    channel: { maxAccounts: count, accounts: Object.fromEntries(ids.map((id) => [id, {}])) },
  })
  const server = await measurement.step('the start of the simulator', simulator.start())
  await simulator.ask('addPhones', { numbers })
  await measurement.step(`the start with ${count} accounts`, bot.open(server, [CONTACT]))
  for (const [index, account] of ids.entries()) {
    const { qr } = await measurement.step(`the QR of ${account}`, bot.offerFor(account))
    await simulator.ask('scan', { qr, phoneNumber: numbers[index] ?? '' })
    await measurement.step(`linking ${account}`, bot.untilConnected(account))
  }
  await measurement.step('the end of the first start', bot.halt())
  await measurement.step(`the second start with ${count} accounts`, bot.resume())
  await Promise.all(ids.map((id) => measurement.step(`${id} connected again`, bot.untilConnected(id))))
  await delay(settings.load.settleMs)
  const { residentMib, anonymousMib } = memoryOf(bot.pid)
  const [cpuMs, at] = [threadTimeMs(bot.pid), performance.now()]
  await delay(settings.load.idleMs)
  const look = {
    residentMib,
    anonymousMib,
    files: openFiles(bot.pid),
    cpuMs: ((threadTimeMs(bot.pid) - cpuMs) / (performance.now() - at)) * MINUTE_MS,
  }
  await bot.halt()
  return look
}
