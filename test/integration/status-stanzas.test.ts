import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

// Since July 2026 WhatsApp sends status updates under a tag of their own. Nobody acknowledged it: it came again with
// each connection, and the server cut the stream every fifty minutes.
describe('a status update', () => {
  let stack: Stack
  let companion: LinkedCompanion
  beforeEach(async () => {
    stack = await Stack.start()
    await stack.link()
    companion = stack.owner.companions[0] as LinkedCompanion // just linked
  })
  afterEach(() => stack.stop())

  const status = (id: string): Stanza =>
    stanza(
      'status',
      { from: 'status@broadcast', participant: stack.alice.lid, id, t: '1795000000', type: 'text' },
      [stanza('enc', { v: '2', type: 'skmsg' }, Buffer.alloc(80, 7))],
    )
  const isAckOf =
    (wanted: string) =>
    ({ tag, attrs }: Stanza): boolean =>
      tag === 'ack' && attrs.id === wanted
  const ack = (id: string): Stanza => ({
    tag: 'ack',
    attrs: {
      class: 'status',
      id,
      to: 'status@broadcast',
      participant: stack.alice.lid,
      type: 'text',
      from: companion.jid,
    },
  })

  it('is acknowledged when it comes, and never read', async () => {
    const acked = untilSaid(stack.simulator, isAckOf('STATUS-1'))
    companion.deliver(status('STATUS-1'))
    expect(await acked).toEqual(ack('STATUS-1'))
    await stack.alice.sendText(OWNER, 'a message')
    await stack.alice.waitForText('a message')
    expect(stack.published('message.received')).toHaveLength(1)
    expect(stack.published('message.blocked')).toEqual([])
    expect(stack.account().health?.decryptFailures ?? 0).toBe(0)
  })

  it('is acknowledged once when it waited for the client, and does not come again', async () => {
    await stack.stopDaemon()
    companion.deliver(status('STATUS-2'))
    const acked = untilSaid(stack.simulator, isAckOf('STATUS-2'))
    await stack.startDaemon()
    expect(await acked).toEqual(ack('STATUS-2'))
    expect(companion.backlog.entries().filter(({ tag }) => tag === 'status')).toEqual([])
  })

  it('is acknowledged each time when the server did not notice', async () => {
    for (let time = 0; time < 3; time += 1) {
      const acked = untilSaid(stack.simulator, isAckOf('STATUS-3'))
      stack.simulator.faults.send(status('STATUS-3'))
      await acked
    }
  })

  it('of a channel is acknowledged as well', async () => {
    const acked = untilSaid(stack.simulator, isAckOf('STATUS-4'))
    const channel = '120363000000000001@newsletter'
    stack.simulator.faults.send(
      stanza('status', { from: channel, id: 'STATUS-4', type: 'text' }, [
        stanza('plaintext', {}, Buffer.from('news')),
      ]),
    )
    expect(await acked).toEqual({
      tag: 'ack',
      attrs: { class: 'status', id: 'STATUS-4', to: channel, type: 'text', from: companion.jid },
    })
  })
})
