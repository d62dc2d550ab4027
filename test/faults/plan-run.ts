import { CONTACTS } from './cast.ts'
import { type Instant, planInstant } from './instant.ts'
import type { FaultKind, PlannedFault } from './kinds/fault-kind.ts'
import { describeMessage, noteToSelf, type PlannedMessage, planMessage } from './plan-message.ts'
import { describeSend, type PlannedSend, planSends } from './programs/plan-sends.ts'
import { planTakeover, type PlannedTakeover } from './plan-takeover.ts'
import type { SeededRandom } from '../../src/simulator/seeded-random.ts'

/** The assistant stops answering its own account after ten turns in a minute. */
const RUNS_BETWEEN_SELF_CHATS = 12

/** How many runs have the owner answer somebody. */
const TAKEOVERS_SHARE = 0.4

/** One hurt, and what people write around it: everything is decided before it begins. */
export interface RunPlan {
  number: number
  messages: readonly PlannedMessage[]
  latencyMs: number
  kind: FaultKind
  /** The owner answers this person by hand in the run; `null`: nobody. */
  takeover: PlannedTakeover | null
  /** What programs ask the daemon to send. */
  sends: readonly PlannedSend[]
  /** When the receiver of events dies, and for how long; `null`: it does not. Milliseconds. */
  receiverDies: { afterMs: number; downMs: number } | null
  fault: PlannedFault
  instant: Instant
}

/** Draws a run. The same numbers give the same run. */
export function planRun(random: SeededRandom, number: number, kinds: readonly FaultKind[]): RunPlan {
  const spanMs = random.between(100, 600)
  // A chat changes the way it names people now and then, not from one message to the next.
  const addressing = new Map(CONTACTS.map((person) => [person, random.pick(person.writesBy)]))
  const messages = Array.from({ length: random.between(4, 16) }, () =>
    planMessage(random, spanMs, addressing),
  )
  if (number % RUNS_BETWEEN_SELF_CHATS === 0) messages.push(noteToSelf(random.between(0, spanMs)))
  const kind = random.pickWeighted(kinds)
  const takeover = random.chance(TAKEOVERS_SHARE) ? planTakeover(random, spanMs) : null
  const sends = planSends(random, spanMs)
  const receiverDies = random.chance(0.3)
    ? { afterMs: random.between(0, spanMs), downMs: random.between(50, 800) }
    : null
  return {
    number,
    takeover,
    sends,
    receiverDies,
    messages: messages.toSorted((one, other) => one.afterMs - other.afterMs),
    latencyMs: random.chance(0.25) ? random.between(1, 30) : 0,
    kind,
    fault: kind.plan(random),
    instant: planInstant(random, spanMs),
  }
}

/** A run in words, for the history. */
export function describeRun({
  number,
  messages,
  latencyMs,
  kind,
  takeover,
  sends,
  receiverDies,
  fault,
  instant,
}: RunPlan): string {
  const written = messages.map(describeMessage)
  const details = JSON.stringify({ ...fault.parameters, instant, latencyMs, receiverDies })
  const taken = takeover === null ? '' : ` owner->${takeover.person.name}@${takeover.afterMs}`
  const sent = sends.map(describeSend).join(' ')
  return `run ${number}: ${kind.name} ${details}; ${written.join(' ')}${taken}; ${sent}`
}
