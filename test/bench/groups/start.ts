import { setTimeout as delay } from 'node:timers/promises'
import { CONTACT } from '../whatsapp/cast.ts'
import type { Group } from './group.ts'

/** What a start leaves for the next one may be written behind it. */
const SETTLE_MS = 3_000

/** The very first start, the second one, and the start of a bot that is linked. */
export const start: Group = {
  summary: 'first QR at the very first start and at the next one, connected after a restart',
  subjects: ['ours', 'bare'],
  rounds: 7,
  limitMs: 180_000,
  isUsual: true,
  figures: {
    firstQrCold: { label: 'spawn to first QR, very first start', unit: 'ms', checked: 'ratio' },
    firstQrWarm: { label: 'spawn to first QR, second start on', unit: 'ms', checked: 'ratio' },
    connectedAfterRestart: { label: 'spawn to connected, linked already', unit: 'ms', checked: 'ratio' },
  },
  measure: async (subject, settings, measurement) => {
    const simulator = measurement.simulator()
    const bot = measurement.bot(subject, settings)
    const server = await measurement.step('the start of the simulator', simulator.start())
    const cold = await measurement.step('the very first QR', bot.start(server, [CONTACT]))
    await delay(SETTLE_MS)
    await measurement.step('the end of the first start', bot.halt())
    const warm = await measurement.step('the QR of the second start', bot.start(server, [CONTACT]))
    await simulator.ask('scan', { qr: warm.qr })
    await measurement.step('linking', bot.connected())
    await delay(SETTLE_MS)
    await measurement.step('the end of the second start', bot.halt())
    const connectedMs = await measurement.step('the start of a linked bot', bot.resume())
    return { firstQrCold: cold.firstQrMs, firstQrWarm: warm.firstQrMs, connectedAfterRestart: connectedMs }
  },
}
