import { setTimeout as delay } from 'node:timers/promises'
import { memoryOf } from '../probes/process-figures.ts'
import { CONTACTS } from '../whatsapp/cast.ts'
import type { Group } from './group.ts'
import { linkedBot } from './linked-bot.ts'

const MESSAGES = 100_000
const STAGES = 10
const IN_FLIGHT = 4
const STAGE_LIMIT_MS = 1_200_000

/** Memory after 100,000 messages, without a reconnect: `bench:endurance` has those, and the bounds of everything else. */
export const long: Group = {
  summary: `memory after ${MESSAGES.toLocaleString('en')} messages of four people (about twenty minutes)`,
  subjects: ['ours'],
  rounds: 1,
  limitMs: STAGES * STAGE_LIMIT_MS,
  isUsual: false,
  figures: {
    memoryBeforeLongLoad: { label: 'resident memory before a long load', unit: 'MiB' },
    memoryAfterLongLoad: { label: `resident memory, after ${MESSAGES / 1_000},000 messages`, unit: 'MiB' },
    growthAfterLongLoad: { label: `the same, beyond idle`, unit: 'MiB' },
    lostInLongLoad: { label: 'messages without an answer in it', unit: 'messages', checked: 'ours' },
  },
  measure: async (subject, settings, measurement) => {
    const { bot, simulator } = await linkedBot(subject, settings, measurement, {
      allowFrom: CONTACTS,
      contacts: CONTACTS,
    })
    await delay(settings.load.settleMs)
    const before = memoryOf(bot.pid).residentMib
    let unanswered = 0
    for (let stage = 1; stage <= STAGES; stage += 1) {
      const work = simulator.ask('endure', {
        messages: MESSAGES / STAGES,
        reconnects: 0,
        inFlight: IN_FLIGHT,
      })
      unanswered += (await measurement.step(`stage ${stage} of ${STAGES}`, work, STAGE_LIMIT_MS)).unanswered
      settings.progress(
        `  ${(stage * MESSAGES) / STAGES} messages: ${memoryOf(bot.pid).residentMib.toFixed(0)} MiB`,
      )
    }
    await delay(settings.load.settleMs)
    const after = memoryOf(bot.pid).residentMib
    return {
      memoryBeforeLongLoad: before,
      memoryAfterLongLoad: after,
      growthAfterLongLoad: after - before,
      lostInLongLoad: unanswered,
    }
  },
}
