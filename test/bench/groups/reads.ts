import { measureLists } from '../large/measure-lists.ts'
import { measureSearches } from '../large/measure-searches.ts'
import type { Group } from './group.ts'

const SEED = 1

/** What dashboards read of a large account: in this process, so that only the read itself is measured. */
export const reads: Group = {
  summary: 'pages of conversations and messages, and searches, in a large account',
  subjects: ['ours'],
  rounds: 1,
  limitMs: 900_000,
  isUsual: false,
  figures: {
    slowestList: { label: 'a page of conversations or messages, the slowest kind', unit: 'ms' },
    slowestSearch: { label: 'a page of a search, the slowest', unit: 'ms' },
    indexed: { label: 'its messages indexed for the search', unit: 's' },
  },
  measure: async (_, { load: { messages, conversations }, progress }) => {
    const tell = (line: string): void => progress(`  ${line}`)
    const lists = measureLists({ messages, conversations, seed: SEED }, tell)
    const searches = await measureSearches({ messages, seed: SEED }, tell)
    return {
      slowestList: lists.slowestMs,
      slowestSearch: searches.slowestMs,
      indexed: searches.indexedSeconds,
    }
  },
}
