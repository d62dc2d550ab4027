import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'
import type { Stanza } from '../../../src/simulator/wire/stanza.ts'
import { CONTACTS, OWNER, type Person, STRANGERS } from '../cast.ts'
import { killAndRestart, type Stage } from '../stage.ts'
import { endsConnection } from '../stanzas/due-answer.ts'
import { hostileStanzas } from '../stanzas/hostile-stanzas.ts'
import type { FaultKind } from './fault-kind.ts'

/** What WhatsApp answers to a message that it does not take; what it means is asked, tried another way, or final. */
const REFUSALS = [400, 405, 421, 463, 475, 479, 499, 500]

/** WhatsApp says what nobody expects, refuses what it took before, or gives a person a device. */
export const SERVER_FAULTS: readonly FaultKind[] = [
  {
    // Among them: demands of a passkey, tokens, stale LIDs, files that are gone, hosted devices, bulletins.
    name: 'odd-stanzas',
    weight: 6,
    plan: (random) => {
      const seed = random.between(0, 2 ** 31 - 1)
      const count = random.between(10, 80)
      const killedAfterMs = random.chance(0.4) ? random.between(0, 60) : null
      return {
        parameters: { seed, count, killedAfterMs },
        strike: async (stage) => {
          // An instant may lie within a call of the simulator's own.
          await new Promise(setImmediate)
          for (const each of oddStanzas(stage, seed, count)) stage.simulator.faults.send(each)
          if (killedAfterMs === null) return
          await delay(killedAfterMs)
          await killAndRestart(stage, { downMs: 0, looks: false })
        },
      }
    },
  },
  {
    name: 'refused-messages',
    weight: 4,
    plan: (random) => {
      const error = random.pick(REFUSALS)
      const times = random.between(1, 2)
      const forMs = random.between(20, 400)
      const isKilled = random.chance(0.4)
      return {
        parameters: { error, times, forMs, isKilled },
        strike: async (stage) => {
          // A refusal that is final leaves a question without its answer.
          stage.excuse()
          const fault = stage.simulator.faults.refuseMessages(error, { times })
          await delay(forMs)
          if (isKilled) await killAndRestart(stage, { downMs: 0, looks: false })
          fault.clear()
        },
      }
    },
  },
  {
    name: 'hosted-device',
    weight: 2,
    plan: (random) => {
      const { phoneNumber } = random.pick(CONTACTS)
      const isKilled = random.chance(0.3)
      return {
        parameters: { phoneNumber, isKilled },
        strike: async (stage) => {
          await new Promise(setImmediate)
          const phone = stage.simulator.phone(phoneNumber)
          if (phone?.account.companions.length === 0) phone.hostDevice()
          if (isKilled) await killAndRestart(stage, { downMs: 0, looks: false })
        },
      }
    },
  },
]

function oddStanzas(stage: Stage, seed: number, count: number): Stanza[] {
  const names = {
    stranger: addressOf(stage, STRANGERS[0]),
    allowed: addressOf(stage, CONTACTS[0]),
    own: { ...addressOf(stage, OWNER), device: stage.companion().jid },
    sent: [],
  }
  return fc.sample(hostileStanzas(names), { seed, numRuns: count }).filter((each) => !endsConnection(each))
}

function addressOf({ simulator }: Stage, person: Person | undefined): Pick<SimulatedPhone, 'jid' | 'lid'> {
  const phone = person && simulator.phone(person.phoneNumber)
  if (phone === undefined) throw new Error('nobody has this number')
  return phone
}
