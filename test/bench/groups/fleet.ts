import { CONTACT } from '../whatsapp/cast.ts'
import type { OurBot } from '../bots/ours.ts'
import { memoryOf } from '../probes/process-figures.ts'
import { percentile } from '../report/percentile.ts'
import type { Group } from './group.ts'

const DAEMONS = 100
const START_LIMIT_MS = 300_000

/** Many sandboxes on one machine, started at the same moment. */
export const fleet: Group = {
  summary: `${DAEMONS} daemons started at once, each linked (about five minutes, 4 GiB)`,
  subjects: ['ours'],
  rounds: 1,
  limitMs: 1_800_000,
  isUsual: false,
  figures: {
    fleetConnected: { label: `${DAEMONS} daemons started at once: all logged in`, unit: 's' },
    fleetMedian: { label: 'half of them logged in', unit: 's' },
    fleetAnonymous: { label: 'anonymous memory of each', unit: 'MiB' },
  },
  measure: async (_, settings, measurement) => {
    const simulator = measurement.simulator()
    const server = await measurement.step('the start of the simulator', simulator.start())
    const numbers = Array.from(
      { length: DAEMONS },
      (__, index) => `+1555040${String(index).padStart(4, '0')}`,
    )
    await simulator.ask('addPhones', { numbers })
    const bots: OurBot[] = []
    for (const phoneNumber of numbers) {
      const bot = measurement.ours(settings)
      bots.push(bot)
      const { qr } = await measurement.step(`the QR of daemon ${bots.length}`, bot.start(server, [CONTACT]))
      await simulator.ask('scan', { qr, phoneNumber })
      await measurement.step(`linking daemon ${bots.length}`, bot.connected())
      await measurement.step(`the end of daemon ${bots.length}`, bot.halt())
    }
    const tookMs = await measurement.step(
      'all logged in',
      Promise.all(bots.map((bot) => bot.resume())),
      START_LIMIT_MS,
    )
    const memory = bots.map(({ pid }) => memoryOf(pid).anonymousMib)
    // One after the other they would take minutes to end.
    await Promise.all(bots.map((bot) => bot.halt()))
    return {
      fleetConnected: Math.max(...tookMs) / 1_000,
      fleetMedian: percentile(tookMs, 0.5) / 1_000,
      fleetAnonymous: percentile(memory, 0.5),
    }
  },
}
