import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { KilledDaemon, type Moment } from '../support/killed-daemon.ts'
import { ALICE, OWNER } from '../support/stack.ts'

const RESUMED = /answers in this chat again/

let daemon: KilledDaemon
let alice: SimulatedPhone
let owner: SimulatedPhone

beforeEach(async () => {
  daemon = await KilledDaemon.start({ allowFrom: [ALICE] })
  alice = daemon.alice
  owner = daemon.owner
  await alice.sendText(OWNER, 'hello')
  await alice.waitForText('hello')
})
afterEach(() => daemon.stop())

/** The daemon gets the message, and has not stored it; the receipt leaves once it has. */
const MOMENTS: [string, Moment][] = [
  [
    'before it has stored that',
    { wire: ({ direction, node }) => direction === 'out' && node.tag === 'message' },
  ],
  [
    'when it has stored that',
    {
      wire: ({ direction, node }) =>
        direction === 'in' && node.tag === 'receipt' && node.attrs['type'] !== 'retry',
    },
  ],
]
/** What Alice's phone shows, each message once. */
const shown = (): string[] =>
  alice.received.flatMap(({ duplicateOf, text }) => (duplicateOf === undefined ? [text] : []))
const times = (text: string | RegExp): number =>
  shown().filter((each) => (typeof text === 'string' ? each === text : text.test(each))).length

async function handBack(): Promise<void> {
  await owner.sendText(ALICE, '/resume')
  await alice.waitForText(RESUMED)
}

describe('a chat that the owner takes over stays with the owner when the daemon is killed', () => {
  it.each(MOMENTS)('%s', async (_when, moment) => {
    const killed = daemon.killedAt(moment)
    await owner.sendText(ALICE, 'I take this')
    await killed
    await daemon.startAgain()
    await alice.sendText(OWNER, 'is the assistant there?')
    await handBack()
    await alice.sendText(OWNER, 'and now?')
    await alice.waitForText('and now?')
    expect([times('is the assistant there?'), times('and now?'), times(RESUMED)]).toEqual([0, 1, 1])
  })
})

describe('a chat that is handed back is answered when the daemon is killed', () => {
  it.each(MOMENTS)('%s', async (_when, moment) => {
    await owner.sendText(ALICE, 'I take this')
    await alice.sendText(OWNER, 'is the assistant there?')
    const killed = daemon.killedAt(moment)
    await owner.sendText(ALICE, '/resume')
    await killed
    await daemon.startAgain()
    await alice.waitForText(RESUMED)
    await alice.sendText(OWNER, 'and now?')
    await alice.waitForText('and now?')
    expect([times('is the assistant there?'), times('and now?'), times(RESUMED)]).toEqual([0, 1, 1])
  })
})

it('a chat that was taken over before a kill is with the owner after it', async () => {
  await owner.sendText(ALICE, 'I take this')
  await alice.sendText(OWNER, 'one')
  await daemon.kill()
  await daemon.startAgain()
  await alice.sendText(OWNER, 'two')
  await handBack()
  await alice.sendText(OWNER, 'three')
  await alice.waitForText('three')
  expect([times('one'), times('two'), times('three')]).toEqual([0, 0, 1])
})
