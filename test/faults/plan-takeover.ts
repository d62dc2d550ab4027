import { CONTACTS, type Person } from './cast.ts'
import type { SeededRandom } from '../../src/simulator/seeded-random.ts'

/** The owner answers somebody by hand, once or a few times, on the phone. */
export interface PlannedTakeover {
  person: Person
  /** When, for the first time, and the pauses before the further words; milliseconds. */
  afterMs: number
  moreAfterMs: readonly number[]
}

export function planTakeover(random: SeededRandom, spanMs: number): PlannedTakeover {
  return {
    person: random.pick(CONTACTS),
    afterMs: random.between(0, spanMs),
    moreAfterMs: Array.from({ length: random.between(0, 2) }, () => random.between(0, 200)),
  }
}
