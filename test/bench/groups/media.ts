import type { FigureDefinition } from '../report/figures.ts'
import { peakMemoryMib } from '../probes/process-figures.ts'
import type { Group } from './group.ts'
import { linkedBot } from './linked-bot.ts'

const MEGABYTES = [1, 10, 50] as const
const LIMIT_MS = 120_000

const took = (megabytes: number): FigureDefinition => ({
  label: `a document of ${megabytes} MB, until its answer`,
  unit: 'ms',
})

/** A file comes in, is fetched, checked, decrypted and stored, and the assistant answers what it got. */
export const media: Group = {
  summary: 'files of 1, 10 and 50 MB, from the phone to the answer of the assistant',
  subjects: ['ours'],
  rounds: 3,
  limitMs: 600_000,
  isUsual: false,
  figures: {
    media1: took(1),
    media10: took(10),
    media50: took(50),
    mediaMemory: { label: 'most memory while it takes 1, 10 and 50 MB', unit: 'MiB' },
  },
  measure: async (subject, settings, measurement) => {
    const { bot, simulator } = await linkedBot(subject, settings, measurement)
    await simulator.ask('converse', { messages: 5 })
    const values: Record<string, number> = {}
    for (const megabytes of MEGABYTES) {
      const request = simulator.ask('sendDocument', { bytes: megabytes * 1_000_000, timeoutMs: LIMIT_MS })
      const { tookMs } = await measurement.step(`a document of ${megabytes} MB`, request, LIMIT_MS)
      values[`media${megabytes}`] = tookMs
    }
    return { ...values, mediaMemory: peakMemoryMib(bot.pid) }
  },
}
