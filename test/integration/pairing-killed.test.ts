import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { TraceEntry } from '../../src/simulator/simulator.ts'
import { CommandLine } from '../support/command-line.ts'
import { KilledDaemon, type Moment } from '../support/killed-daemon.ts'
import { ALICE, MALLORY, OWNER } from '../support/stack.ts'

const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/
const TOLD = 'You can write to this assistant now.'
const DONE = `${MALLORY} can write to me now.`

let daemon: KilledDaemon
let alice: SimulatedPhone
let mallory: SimulatedPhone

beforeEach(async () => {
  const owners = [ALICE]
  daemon = await KilledDaemon.start({ dmPolicy: 'pairing', allowFrom: [ALICE], commands: { owners } })
  alice = daemon.alice
  mallory = daemon.mallory
})
afterEach(() => daemon.stop())

/** Something that comes after all that was left to say. */
async function somethingElse(): Promise<void> {
  await alice.sendText(OWNER, 'and now something else')
  await alice.waitForText('and now something else')
}

const is = (direction: TraceEntry['direction'], tag: string, of = (_node: TraceEntry['node']) => true) => ({
  wire: (entry: TraceEntry) => entry.direction === direction && entry.node.tag === tag && of(entry.node),
})
const isTo = (phone: () => SimulatedPhone) =>
  is('in', 'message', ({ attrs }) => [phone().lid, phone().jid].includes(attrs.to ?? ''))
const codes = (): string[] => mallory.received.flatMap(({ text }) => CODE.exec(text)?.[0] ?? [])
const saying = (phone: SimulatedPhone, text: string): number =>
  phone.received.filter((message) => message.text.includes(text)).length
const allowed = (): unknown =>
  // Written by this test, and by the daemon.
  (JSON.parse(readFileSync(daemon.configPath, 'utf8')) as { channels: { whatsapp: { allowFrom: unknown } } })
    .channels.whatsapp.allowFrom

describe('a stranger gets one code, the one that counts, when the daemon is killed', () => {
  it.each<[string, Moment]>([
    ['while their message is on its way to it', is('out', 'message')],
    ['when it has their message', is('in', 'receipt')],
    ['when the code is out and nothing has confirmed it', isTo(() => mallory)],
  ])('%s', async (_when, moment) => {
    const killed = daemon.killedAt(moment)
    await mallory.sendText(OWNER, 'may I?')
    await killed
    await daemon.startAgain()
    await somethingElse()
    // What it had not decided is as if it came while it was away, which is not answered with a code.
    await mallory.sendText(OWNER, 'hello?')
    await expect.poll(() => codes().length).toBe(1)
    await somethingElse()
    expect(codes()).toHaveLength(1)
    const [code = ''] = codes()
    const approved = await CommandLine.run(['pairing', 'approve', code], daemon.environment)
    expect(approved).toMatchObject({ code: 0, stdout: `${MALLORY} may write now.\n` })
  })
})

describe('/allow adds one person once, and says so once, when the daemon is killed', () => {
  it.each<[string, Moment]>([
    ['when it has the command', is('in', 'receipt')],
    ['before the file is there', { sync: 1 }],
    ['when the file is there', { sync: 3 }],
    ['when the stranger is told, and nothing has confirmed it', isTo(() => mallory)],
    ['when the owner is told, and nothing has confirmed it', isTo(() => alice)],
  ])('%s', async (_when, moment) => {
    await mallory.sendText(OWNER, 'may I?')
    await mallory.waitForText(CODE)
    const killed = daemon.killedAt(moment)
    await alice.sendText(OWNER, `/allow ${codes()[0]}`)
    await killed
    await daemon.startAgain()
    await expect.poll(() => [saying(mallory, TOLD), saying(alice, DONE)]).toEqual([1, 1])
    await somethingElse()
    expect([saying(mallory, TOLD), saying(alice, DONE), codes().length]).toEqual([1, 1, 1])
    expect(allowed()).toEqual([ALICE, MALLORY])
  })
})
