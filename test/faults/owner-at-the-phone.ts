import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { OWNER, type Person } from './cast.ts'
import type { Ledger } from './ledger.ts'
import type { PlannedTakeover } from './plan-takeover.ts'

/** Answers somebody by hand, as planned. Resolves when everything is written. */
export async function answerByHand(
  { person, afterMs, moreAfterMs }: PlannedTakeover,
  { simulator, ledger }: { simulator: Simulator; ledger: Ledger },
): Promise<void> {
  const owner = ownerOf(simulator)
  for (const [index, pauseMs] of [afterMs, ...moreAfterMs].entries()) {
    await delay(pauseMs)
    const { id } = await owner.sendText(person.phoneNumber, `by hand ${index}`)
    ledger.ownerWrote(person, id)
  }
}

/** Hands the chat back, by the same phone. */
export async function handBack(
  person: Person,
  { simulator, ledger }: { simulator: Simulator; ledger: Ledger },
): Promise<void> {
  ledger.takeovers.handingBack(person)
  const { id } = await ownerOf(simulator).sendText(person.phoneNumber, '/resume')
  ledger.takeovers.handedBack(person, id)
}

function ownerOf(simulator: Simulator): SimulatedPhone {
  const owner = simulator.phone(OWNER.phoneNumber)
  if (owner === undefined) throw new Error('the owner has no phone')
  return owner
}
