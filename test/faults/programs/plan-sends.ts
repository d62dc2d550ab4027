import type { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { type CastGroup, CONTACTS, GROUPS, type Person, STRANGERS } from '../cast.ts'

const GROUPS_SHARE = 0.2
const STRANGERS_SHARE = 0.1
/** How many take the chat over: the owner's own, from a dashboard. */
const OWNERS_SHARE = 0.15

/** A request to send that a program makes, and how often it repeats it though it was answered. */
export interface PlannedSend {
  afterMs: number
  to: { person: Person } | { group: CastGroup }
  words: number
  as: 'owner' | 'assistant'
  /** Whether it may be stored while there is no connection. */
  queues: boolean
  repeats: number
}

export function planSends(random: SeededRandom, spanMs: number): PlannedSend[] {
  return Array.from({ length: random.between(1, 4) }, () => {
    const to = random.chance(GROUPS_SHARE)
      ? { group: random.pick(GROUPS) }
      : { person: random.pick(random.chance(STRANGERS_SHARE) ? STRANGERS : CONTACTS) }
    const isOwners = 'person' in to && to.person.isAllowed && random.chance(OWNERS_SHARE)
    return {
      afterMs: random.between(0, spanMs),
      to,
      words: random.between(1, 3),
      as: isOwners ? ('owner' as const) : ('assistant' as const),
      queues: random.chance(0.7),
      repeats: random.chance(0.3) ? random.between(1, 2) : 0,
    }
  }).toSorted((one, other) => one.afterMs - other.afterMs)
}

/** In words, for the history. */
export function describeSend({ afterMs, to, as, queues, repeats }: PlannedSend): string {
  const name = 'person' in to ? to.person.name : to.group.subject
  return `${as}->${name}@${afterMs}${queues ? '' : '!'}${repeats > 0 ? `x${repeats + 1}` : ''}`
}
