import { afterEach, describe, expect, it } from 'vitest'
import { HABITS, type Habits } from '../../src/simulator/server/environment.ts'
import { EVERYDAY } from '../../src/simulator/server/everyday-stanzas.ts'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

/** What Baileys asks for. */
const BATCH = 100

/** What WhatsApp sends day after day though nobody wrote anything. */
describe('everyday life on a link', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  const companion = (): LinkedCompanion => stack.owner.companions[0] as LinkedCompanion // just linked

  it('is acknowledged, every kind of it, and comes to nothing', async () => {
    stack = await Stack.start({ simulator: { habits: { everyday: EVERYDAY.length } } })
    await stack.link()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    await expect.poll(() => companion().backlog.entries()).toEqual([])
    expect(companion().dirtyBits).toEqual(new Set())
    expect(stack.published('message.received')).toHaveLength(1)
    expect(stack.published('message.blocked')).toEqual([])
  })

  it('is acknowledged also where it waited for the client', async () => {
    stack = await Stack.start({ simulator: { habits: { everyday: 0 } } })
    await stack.link()
    await stack.stopDaemon()
    const { now, random } = { now: Date.now, random: Buffer.alloc }
    companion().beginDay({
      now,
      random: (size) => random(size, Math.random() * 256),
      habits: habits(EVERYDAY.length),
    })
    await stack.alice.sendText(OWNER, 'and a message')
    await stack.startDaemon()
    await stack.alice.waitForText('and a message')
    await expect.poll(() => companion().backlog.entries()).toEqual([])
  })

  it('includes pings, on an open link and while a QR is on offer', async () => {
    stack = await Stack.start({ simulator: { habits: { pingEveryMs: 20 } } })
    const { simulator } = stack
    await stack.qr()
    const isAnswer = ({ tag, attrs }: { tag: string; attrs: Record<string, string> }): boolean =>
      tag === 'iq' && attrs.type === 'result' && /^[0-9a-f]{16}$/.test(attrs.id ?? '')
    for (let count = 0; count < 5; count += 1) await untilSaid(simulator, isAnswer)
    const { qr } = await stack.qr()
    await stack.owner.scan(qr)
    await stack.untilState('connected')
    for (let count = 0; count < 5; count += 1) await untilSaid(simulator, isAnswer)
    expect(simulator.pings.unanswered).toBe(0)
  })

  // The server ended the stream every fifty minutes for a status that nobody acknowledged.
  it('never ends the stream for want of an acknowledgement', async () => {
    stack = await Stack.start({ simulator: { habits: { ackWithinMs: 300 } } })
    await stack.link()
    const errors: string[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'stream:error') errors.push(node.tag)
    })
    for (let count = 0; count < 6; count += 1) {
      await stack.alice.sendText(OWNER, `text ${count}`)
      await stack.alice.waitForText(`text ${count}`)
    }
    expect(errors).toEqual([])
  })

  // Baileys asks for the first hundred stanzas of a backlog, and for no more.
  it('brings a backlog in batches, each of which is asked for', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    stack.simulator.faults.batchesOnDemand = true
    for (let index = 0; index < 2 * BATCH; index += 1)
      companion().deliver(
        stanza('notification', { from: 's.whatsapp.net', id: `PSA-${index}`, type: 'psa', t: '1795000000' }),
      )
    await stack.alice.sendText(OWNER, 'behind all of it')
    await stack.startDaemon()
    await stack.alice.waitForText('behind all of it')
  })

  // One that was refused came first on each connection, and everything behind it was withheld.
  it('is not stalled by a message that nobody can read, first in the backlog', async () => {
    stack = await Stack.start()
    await stack.link()
    await stack.stopDaemon()
    const enc = stanza('enc', { v: '2', type: 'skmsg' }, Buffer.alloc(80, 7))
    const { lid } = stack.mallory
    companion().deliver(
      stanza('message', { from: lid, id: 'POISON-1', t: '1795000000', type: 'text' }, [enc]),
    )
    for (let index = 0; index < 20; index += 1) await stack.alice.sendText(OWNER, `text ${index}`)
    await stack.startDaemon()
    await stack.until('all messages', () => stack.published('message.received').length === 20)
    await companion().whenActive(AbortSignal.timeout(60_000))
  })

  // A long stanza comes compressed; while it was unpacked, those behind it overtook it.
  it('keeps the order where a compressed stanza is followed by a short one', async () => {
    stack = await Stack.start({ simulator: { habits: { pingEveryMs: null } } })
    await stack.link()
    const answers: string[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in' && node.tag === 'iq' && /^(LONG|SHORT)/.test(node.attrs.id ?? ''))
        answers.push(node.attrs.id ?? '')
    })
    const ping = (id: string, size: number) =>
      stanza('iq', { from: 's.whatsapp.net', id, type: 'get', xmlns: 'urn:xmpp:ping' }, [
        stanza('ping', {}, Buffer.alloc(size)),
      ])
    const last = untilSaid(stack.simulator, ({ attrs }) => attrs.id === 'SHORT-4')
    const lastLong = untilSaid(stack.simulator, ({ attrs }) => attrs.id === 'LONG-4')
    for (let index = 0; index < 5; index += 1) {
      stack.simulator.faults.send(ping(`LONG-${index}`, 2_000_000))
      stack.simulator.faults.send(ping(`SHORT-${index}`, 4))
    }
    await Promise.all([last, lastLong])
    expect(answers).toEqual([0, 1, 2, 3, 4].flatMap((index) => [`LONG-${index}`, `SHORT-${index}`]))
  })
})

const habits = (everyday: number): Habits => ({ ...HABITS, pingEveryMs: null, everyday, sharesState: false })
